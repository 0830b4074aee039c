"""Feature extraction: each row once, whatever stops it and whoever else is at it."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from catalog_fixtures import PROJECT, CountingExtractor, photo_folder, write_photo
from PIL import Image

from shopsim import ShopsimError
from shopsim.features import Features, extract_features
from shopsim.open_catalog import load_catalog
from shopsim.progress import Stopped

WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, "tests")
from catalog_fixtures import CountingExtractor
from shopsim.features import extract_features
from shopsim.open_catalog import load_catalog
folder, cache, log, pause, batch = sys.argv[1:]
features = extract_features(
    load_catalog(folder, cache=Path(cache)), CountingExtractor(log, float(pause), batch_size=int(batch)), Path(cache)
)
print(features.raw.shape[0], len(features.problems))
"""


@pytest.fixture
def cache(tmp_path):
    return tmp_path / "cache"


@pytest.fixture
def opened(tmp_path, cache):
    """The catalogue of so many photos."""

    def open_folder(n_photos=10, name="photos"):
        (tmp_path / name).mkdir(exist_ok=True)
        photo_folder(tmp_path / name, [f"{number:03}.jpg" for number in range(n_photos)])
        return load_catalog(tmp_path / name, cache=cache)

    return open_folder


def start_worker(folder, cache, log, pause=0.0, batch=4):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, (folder, cache, log, pause, batch))],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def logged(log):
    return log.read_text().splitlines() if log.exists() else []


def test_rows_are_those_of_the_photos_and_unit_vectors_too(opened, cache):
    catalog = opened(10)
    features = extract_features(catalog, CountingExtractor(), cache)
    assert features.image_ids == catalog.image_ids
    assert features.raw.shape == (10, 4)
    assert features.raw.dtype == features.vectors.dtype == np.float32
    assert features.key == "counting"
    np.testing.assert_allclose(np.linalg.norm(features.vectors, axis=1), 1, rtol=1e-6)
    for image, row in zip(catalog.images, features.raw, strict=True):
        alone = extract_features(catalog.subset([image.image_id]), CountingExtractor(), cache)
        np.testing.assert_array_equal(alone.raw[0], row)


def test_second_run_extracts_nothing(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    again = CountingExtractor()
    np.testing.assert_array_equal(extract_features(catalog, again, cache).raw, first.raw)
    assert again.n_extracted == 0


def test_another_batch_size_changes_no_row(opened, tmp_path):
    catalog = opened(10)
    one = extract_features(catalog, CountingExtractor(batch_size=3), tmp_path / "one")
    all_at_once = extract_features(catalog, CountingExtractor(batch_size=64), tmp_path / "two")
    np.testing.assert_array_equal(one.raw, all_at_once.raw)


def test_one_added_photo_computes_one_row(opened, cache, tmp_path):
    extract_features(opened(10), CountingExtractor(), cache)
    write_photo(tmp_path / "photos" / "added.jpg", seed=99)
    extractor = CountingExtractor()
    features = extract_features(load_catalog(tmp_path / "photos", cache=cache), extractor, cache)
    assert extractor.n_extracted == 1
    assert len(features.image_ids) == 11


def test_same_photo_in_two_catalogues_or_twice_in_one_is_computed_once(opened, cache, tmp_path):
    extractor = CountingExtractor()
    extract_features(opened(5), extractor, cache)
    other = photo_folder(tmp_path / "other", ["x.jpg", "y.jpg", "z.jpg"], first_seed=3)
    write_photo(other / "copy.jpg", seed=3)
    features = extract_features(load_catalog(other, cache=cache), extractor, cache)
    assert extractor.n_extracted == 6
    assert features.image_ids == ("copy.jpg", "x.jpg", "y.jpg", "z.jpg")
    np.testing.assert_array_equal(features.raw[0], features.raw[1])


def test_other_extractor_keeps_its_own_rows(opened, cache):
    catalog = opened(4)
    extract_features(catalog, CountingExtractor(key="one"), cache)
    other = CountingExtractor(key="two")
    extract_features(catalog, other, cache)
    assert other.n_extracted == 4


def test_progress_starts_where_an_earlier_run_ended(opened, cache):
    catalog, told = opened(10), []

    def stop_after_four(done, total):
        if done >= 4:
            raise Stopped

    with pytest.raises(Stopped):
        extract_features(catalog, CountingExtractor(), cache, stop_after_four)
    rest = CountingExtractor()
    extract_features(catalog, rest, cache, lambda done, total: told.append((done, total)))
    assert rest.n_extracted == 6
    assert told == [(4, 10), (8, 10), (10, 10), (10, 10)]


def test_crash_of_the_extractor_keeps_what_was_done(opened, cache):
    catalog, crashing = opened(10), CountingExtractor()
    extract = crashing.extract

    def extract_twice(images):
        if len(crashing.batches) == 2:
            raise RuntimeError("out of luck")
        return extract(images)

    crashing.extract = extract_twice
    with pytest.raises(RuntimeError, match="out of luck"):
        extract_features(catalog, crashing, cache)
    rest = CountingExtractor()
    extract_features(catalog, rest, cache)
    assert rest.n_extracted == 2


def test_killed_run_is_resumed_with_nothing_computed_twice(opened, cache, tmp_path):
    catalog, log = opened(60), tmp_path / "log"
    worker = start_worker(tmp_path / "photos", cache, log, pause=0.15)
    limit = time.monotonic() + 60
    while len(logged(log)) < 16 and time.monotonic() < limit:
        time.sleep(0.02)
    worker.send_signal(signal.SIGKILL)
    worker.communicate()
    at_kill = len(logged(log))
    assert 16 <= at_kill < 60
    rest = CountingExtractor(log)
    features = extract_features(catalog, rest, cache)
    # The batch that was being computed when it was killed may not have been stored.
    assert at_kill + rest.n_extracted in (60, 64)
    assert features.image_ids == catalog.image_ids
    fresh = extract_features(catalog, CountingExtractor(), tmp_path / "fresh")
    np.testing.assert_array_equal(features.raw, fresh.raw)


def test_two_processes_at_once_both_get_every_row(opened, cache, tmp_path):
    """Batches of one photo, so that both merge shards while the other writes and reads."""
    catalog = opened(200)
    logs = [tmp_path / "log0", tmp_path / "log1"]
    workers = [start_worker(tmp_path / "photos", cache, log, pause=0.001, batch=1) for log in logs]
    answers = [worker.communicate(timeout=120)[0].strip() for worker in workers]
    assert answers == ["200 0", "200 0"]
    assert all(len(logged(log)) <= 200 for log in logs)
    later = CountingExtractor()
    features = extract_features(catalog, later, cache)
    assert later.n_extracted == 0
    fresh = extract_features(catalog, CountingExtractor(), tmp_path / "fresh")
    np.testing.assert_array_equal(features.raw, fresh.raw)


def test_deleted_and_changed_photos_are_left_out_with_their_reason(opened, cache, tmp_path):
    catalog = opened(5)
    (tmp_path / "photos" / "001.jpg").unlink()
    write_photo(tmp_path / "photos" / "002.jpg", seed=77)
    (tmp_path / "photos" / "003.jpg").write_text("no photo any more")
    features = extract_features(catalog, CountingExtractor(), cache)
    assert features.image_ids == ("000.jpg", "004.jpg")
    assert {problem.name: problem.reason for problem in features.problems} == {
        "001.jpg": "cannot be read any more: No such file or directory",
        "002.jpg": "changed since the catalogue was opened; open it again",
        "003.jpg": "changed since the catalogue was opened; open it again",
    }


def test_photo_changed_while_it_is_read_stores_no_wrong_row(opened, cache, tmp_path, monkeypatch):
    from shopsim import features as module

    catalog = opened(3)
    read = module.read_image

    def change_then_read(path, size):
        if path.name == "001.jpg":
            write_photo(path, seed=500)
        return read(path, size)

    monkeypatch.setattr(module, "read_image", change_then_read)
    assert extract_features(catalog, CountingExtractor(), cache).image_ids == ("000.jpg", "002.jpg")


def test_deleted_photo_with_a_copy_at_hand_is_read_from_the_copy(opened, cache, tmp_path):
    opened(2)
    write_photo(tmp_path / "photos" / "copy.jpg", seed=0)
    catalog = load_catalog(tmp_path / "photos", cache=cache)
    (tmp_path / "photos" / "copy.jpg").unlink()
    assert extract_features(catalog, CountingExtractor(), cache).image_ids == ("000.jpg", "001.jpg", "copy.jpg")


def test_photo_deleted_while_others_are_extracted_is_left_out(opened, cache, tmp_path):
    catalog = opened(60)

    def delete_the_last(done, total):
        (tmp_path / "photos" / "059.jpg").unlink(missing_ok=True)

    features = extract_features(catalog, CountingExtractor(), cache, delete_the_last)
    assert [problem.name for problem in features.problems] == ["059.jpg"]
    assert len(features.image_ids) == 59


def test_blank_photos_are_left_out_and_not_read_again(opened, cache, tmp_path):
    opened(2)
    Image.new("RGB", (30, 30), "white").save(tmp_path / "photos" / "white.png")
    catalog = load_catalog(tmp_path / "photos", cache=cache)
    for n_extracted in (3, 0):
        extractor = CountingExtractor()
        features = extract_features(catalog, extractor, cache)
        assert extractor.n_extracted == n_extracted
        assert [problem.name for problem in features.problems] == ["white.png"]
        assert features.problems[0].reason.startswith("blank")


def test_rows_that_are_not_finite_are_left_out(opened, cache):
    extractor = CountingExtractor()
    extractor.extract = lambda images: np.where(np.arange(len(images))[:, None] == 1, np.nan, np.ones((1, 4)))
    assert extract_features(opened(3), extractor, cache).image_ids == ("000.jpg", "002.jpg")


def test_extractor_that_breaks_its_word_is_a_mistake(opened, cache):
    extractor = CountingExtractor()
    extractor.extract = lambda images: np.ones((len(images), 3))
    with pytest.raises(ValueError, match=r"gave \(3, 3\) for 3 photos of 4 features"):
        extract_features(opened(3), extractor, cache)


def test_empty_catalogue_has_empty_features(opened, cache):
    features = extract_features(opened(0), CountingExtractor(), cache)
    assert features.raw.shape == features.vectors.shape == (0, 4)
    assert features.image_ids == ()


def test_cache_that_cannot_be_written_is_said(opened, tmp_path):
    catalog = opened(3)
    (tmp_path / "blocked").write_text("a file where the folder should be")
    with pytest.raises(ShopsimError, match="Cannot write"):
        extract_features(catalog, CountingExtractor(), tmp_path / "blocked")


def test_cache_cleared_meanwhile_is_filled_again(opened, cache):
    from shopsim.store import Store

    catalog, cleared = opened(12), []

    def clear_once(done, total):
        if done >= 8 and not cleared:
            cleared.append(done)
            Store(cache).clear("features")

    assert len(extract_features(catalog, CountingExtractor(), cache, clear_once).image_ids) == 12
    assert cleared


def test_cache_cleared_again_and_again_is_said(opened, cache):
    from shopsim.store import Store

    with pytest.raises(ShopsimError, match="cleared while features were extracted"):
        extract_features(opened(4), CountingExtractor(), cache, lambda done, total: Store(cache).clear("features"))


def test_damaged_rows_are_computed_again(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    for path in (cache / "features").rglob("*.npy"):
        if "ids" not in path.name:
            path.write_bytes(path.read_bytes()[:-3])
    again = CountingExtractor()
    np.testing.assert_array_equal(extract_features(catalog, again, cache).raw, first.raw)
    assert again.n_extracted == 10


def test_huge_and_tiny_numbers_give_unit_vectors():
    raw = np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0]], np.float32)
    vectors = Features(raw, ("a", "b", "c"), "key").vectors
    np.testing.assert_allclose(vectors, [[0.6, 0.8], [0.6, 0.8], [0, 0]], rtol=1e-6)


def test_part_of_the_features_keeps_the_order():
    features = Features(np.arange(6, dtype=np.float32).reshape(3, 2), ("a", "b", "c"), "key")
    assert features.of(["c", "a"]).image_ids == ("a", "c")
    assert features.of(["c", "a"]).raw.tolist() == [[0, 1], [4, 5]]
    assert features.of(["a", "b", "c", "d"]) is features


def test_few_photos_are_held_in_memory_at_once(opened, cache, monkeypatch):
    """Decoding runs ahead by some batches, never by the whole catalogue."""
    from shopsim import features as module

    read, decoded, ahead = module.read_image, [], []
    monkeypatch.setattr(module, "read_image", lambda path, size: decoded.append(path) or read(path, size))
    extractor = CountingExtractor(seconds_a_batch=0.02)
    extract = extractor.extract

    def note_and_extract(images):
        ahead.append(len(decoded) - extractor.n_extracted)
        return extract(images)

    extractor.extract = note_and_extract
    extract_features(opened(80), extractor, cache)
    assert max(ahead) <= 5 * extractor.batch_size
