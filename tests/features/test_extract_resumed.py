"""Feature extraction that is stopped, killed, not alone, or loses its cache: each row once all the same."""

import signal
import subprocess
import sys
import time

import numpy as np
import pytest
from catalog_fixtures import PROJECT, CountingExtractor

from shopsim import ShopsimError
from shopsim.base.work.progress import Stopped
from shopsim.features.extract import extract_features

WORKER = """
import sys
from pathlib import Path
sys.path.insert(0, "tests/helpers")
from catalog_fixtures import CountingExtractor
from shopsim.features.extract import extract_features
from shopsim.catalog.open_folder import load_catalog
folder, cache, log, pause, batch = sys.argv[1:]
features = extract_features(
    load_catalog(folder, cache=Path(cache)), CountingExtractor(log, float(pause), batch_size=int(batch)), Path(cache)
)
print(features.raw.shape[0], len(features.problems))
"""


def start_worker(folder, cache, log, pause=0.0, batch=4):
    return subprocess.Popen(
        [sys.executable, "-c", WORKER, *map(str, (folder, cache, log, pause, batch))],
        cwd=PROJECT,
        stdout=subprocess.PIPE,
        text=True,
    )


def logged(log):
    return log.read_text().splitlines() if log.exists() else []


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
    while len(logged(log)) < 16 and worker.poll() is None and time.monotonic() < limit:
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


def test_cache_that_cannot_be_written_is_said(opened, tmp_path):
    catalog = opened(3)
    (tmp_path / "blocked").write_text("a file where the folder should be")
    with pytest.raises(ShopsimError, match="Cannot write"):
        extract_features(catalog, CountingExtractor(), tmp_path / "blocked")


def test_cache_cleared_meanwhile_is_filled_again(opened, cache):
    from shopsim.base.disk.store import Store

    catalog, cleared = opened(12), []

    def clear_once(done, total):
        if done >= 8 and not cleared:
            cleared.append(done)
            Store(cache).clear("features")

    assert len(extract_features(catalog, CountingExtractor(), cache, clear_once).image_ids) == 12
    assert cleared


def test_cache_cleared_again_and_again_is_said(opened, cache):
    from shopsim.base.disk.store import Store

    with pytest.raises(ShopsimError, match="cleared while features were extracted"):
        extract_features(opened(4), CountingExtractor(), cache, lambda done, total: Store(cache).clear("features"))


def test_damaged_rows_are_computed_again(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    for path in (cache / "features").rglob("*.rows"):
        path.write_bytes(path.read_bytes()[:-3])
    again = CountingExtractor()
    np.testing.assert_array_equal(extract_features(catalog, again, cache).raw, first.raw)
    assert again.n_extracted == 10


def test_one_flipped_bit_costs_one_photo_and_changes_no_number(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    path = next((cache / "features").rglob("*.rows"))
    whole = path.read_bytes()
    path.write_bytes(bytes([whole[0] ^ 1]) + whole[1:])
    again = CountingExtractor()
    np.testing.assert_array_equal(extract_features(catalog, again, cache).raw, first.raw)
    assert again.n_extracted == 1


def test_rows_that_were_zeroed_are_not_taken_for_blank_photos(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    for path in (cache / "features").rglob("*.rows"):
        whole = path.read_bytes()
        path.write_bytes(bytes(len(whole) // 2) + whole[len(whole) // 2 :])
    again = extract_features(catalog, CountingExtractor(), cache)
    assert again.problems == first.problems == ()
    np.testing.assert_array_equal(again.raw, first.raw)
