"""1,000 damaged copies of each kind of file, 1 in 5 of them by day: right, a miss or a sentence, never a traceback."""

import json
import os
import zipfile
from dataclasses import asdict
from io import BytesIO

import numpy as np
import pytest
from kept_cases import comparison, write_card, write_diary
from mutations import mutated, mutated_json
from store_cases import digests, npy
from tuned_cases import tuned_settings

from shopsim import ShopsimError
from shopsim.base.disk.array_files import read_array
from shopsim.base.disk.sealed import write_sealed
from shopsim.base.disk.store import load_array
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.features.extract import own_features
from shopsim.features.networks.trained import CARD, networks_dir
from shopsim.features.row_store import RowStore
from shopsim.learning.progress_file import diary_path, read_diary
from shopsim.learning.read_back import kept_network
from shopsim.tuning.leaderboard_row import Scores, load_scores, save_scores
from shopsim.tuning.settings_files import SETTINGS_NAME, load_settings, save_settings, zip_of
from shopsim.tuning.tuned_import import check_settings, keep_zip

COPIES = 1000
ENOUGH = "By day every fifth of the damaged copies of each kind of file is tried."
LINKAGE = np.array([(3, 4, 0.1, 2), (0, 1, 0.2, 2), (2, 5, 0.2, 3), (6, 7, 0.9, 5)], float)


@pytest.fixture(params=[5, pytest.param(1, marks=pytest.mark.nightly(ENOUGH))], ids=["some", "all"])
def step(request):
    """Of how many damaged copies one is tried."""
    return request.param


@pytest.fixture
def each_copy(step):
    """Writes one damaged copy after the other in the place of a file."""

    def copies_of(path, damage=mutated, copies=COPIES, write=None):
        whole = path.read_bytes()
        for seed in range(0, copies, step):
            (write or path.write_bytes)(damage(whole, seed))
            yield seed
        path.write_bytes(whole)

    return copies_of


def answers(work):
    """What it gives; None where it says what is wrong in one line."""
    try:
        return work()
    except ShopsimError as error:
        assert "\n" not in str(error)
        assert 20 < len(str(error)) < 1000
        return None


def counted(found):
    """That some copies were still read, and some were refused."""
    n_read = sum(found)
    assert 0 < n_read < len(found)


@pytest.fixture
def own(tmp_path):
    """A folder of five vectors."""
    (tmp_path / "own").mkdir()
    np.save(tmp_path / "own" / "features.npy", np.eye(5, 4, dtype=np.float32) + 0.5)
    (tmp_path / "own" / "img_paths.txt").write_text("\n".join(f"{number}.jpg" for number in range(5)))
    return tmp_path / "own"


def test_own_vectors(own, tmp_path, each_copy):
    def opened():
        return own_features(load_catalog(own, cache=tmp_path / "cache"))

    found = []
    for _ in each_copy(own / "features.npy"):
        features = answers(opened)
        found.append(features is not None)
        assert features is None or np.isfinite(features.raw).all()
    counted(found)


def test_paths_of_own_vectors(own, tmp_path, each_copy):
    for _ in each_copy(own / "img_paths.txt", copies=300):
        answers(lambda: load_catalog(own, cache=tmp_path / "cache"))


def test_an_array_somebody_names(tmp_path, each_copy):
    path = tmp_path / "labels.npy"
    np.save(path, np.array([0, 1, 1, -1]))
    counted([answers(lambda: read_array(path)) is not None for _ in each_copy(path)])


def test_entries_of_the_cache_under_a_right_checksum(tmp_path, each_copy):
    """As a fault in the program, not of the disk, would leave them."""
    path = tmp_path / "a.npy"
    path.write_bytes(npy(LINKAGE))
    found = []
    for _ in each_copy(path, write=lambda data: write_sealed(path, data)):
        linkage = load_array(path)
        try:
            tree = None if linkage is None else MergeTree(linkage, 5)
        except ValueError:
            tree = None
        found.append(tree is not None)
        if tree is not None:
            assert sorted(set(tree.cut(0.5).tolist())) == list(range(tree.n_groups(0.5)))
            assert tree.control.low <= tree.control.default
    counted(found)


def test_entries_of_the_cache(tmp_path, step):
    path = tmp_path / "a.npy"
    write_sealed(path, npy(LINKAGE))
    whole = path.read_bytes()
    for seed in range(0, COPIES, step):
        damaged = mutated(whole, seed)
        path.write_bytes(damaged)
        assert (load_array(path) is None) == (damaged != whole), seed


def test_rows_of_features(tmp_path, step):
    rows = RowStore(tmp_path, "key", 3)
    right = np.arange(12, dtype=np.float32).reshape(4, 3)
    rows.write(digests(0, 1, 2, 3), right)
    (path,) = tmp_path.rglob("*.rows")
    whole = path.read_bytes()
    for seed in range(0, COPIES, step):
        for other in path.parent.glob("*.rows"):
            other.unlink()
        path.write_bytes(mutated(whole, seed))
        found, got = rows.read(digests(0, 1, 2, 3))
        np.testing.assert_array_equal(got, np.where(found[:, None], right, 0))


@pytest.mark.slow
def test_arrays_of_tuned_settings(tmp_path, each_copy):
    folder = save_settings(tuned_settings(added=True), tmp_path / "sent")
    path = sorted(folder.glob("*.npy"))[0]
    sealed = path.read_bytes()
    found = [answers(lambda: load_settings(folder)) is not None for _ in each_copy(path, copies=200)]
    assert sum(found) < 20
    # Made elsewhere, without a checksum.
    path.write_bytes(npy(read_array(path)))
    assert path.read_bytes() != sealed
    for _ in each_copy(path, copies=200):
        answers(lambda: load_settings(folder))


def test_tuned_settings(tmp_path, fake_extractor, each_copy):
    folder = save_settings(tuned_settings(), tmp_path / "sent")

    def read():
        settings = load_settings(folder)
        check_settings(settings)
        return settings.digest, settings.name

    counted([answers(read) is not None for _ in each_copy(folder / SETTINGS_NAME, mutated_json)])


@pytest.mark.slow
def test_zips_of_tuned_settings(fake_extractor, step):
    whole = zip_of(tuned_settings())
    assert answers(lambda: keep_zip(BytesIO(whole)))
    with zipfile.ZipFile(BytesIO(whole)) as packed:
        members = {name: packed.read(name) for name in packed.namelist()}
    settings_name = next(name for name in members if name.endswith(SETTINGS_NAME))
    for seed in range(0, 150, step):
        answers(lambda seed=seed: keep_zip(BytesIO(mutated(whole, seed))))
        again = BytesIO()
        with zipfile.ZipFile(again, "w") as packed:
            for name, data in members.items():
                packed.writestr(name, mutated_json(data, seed) if name == settings_name else data)
        again.seek(0)
        answers(lambda again=again: keep_zip(again))


def test_the_diary_of_a_learning(each_copy):
    write_diary(asked={"what": "network"}, result={"network": "a"})
    found = []
    for _ in each_copy(diary_path(), mutated_json):
        entry = read_diary()
        found.append(entry is not None)
        assert entry is None or entry.seconds_left is None or isinstance(entry.seconds_left, float)
    counted(found)


def test_cards_of_trained_networks(each_copy):
    name = write_card(held_out=comparison(["a", "b"], [0, 0], [0, 1], 2), settings="s")
    path = networks_dir() / name / CARD
    counted([answers(lambda: kept_network(name)) is not None for _ in each_copy(path, mutated_json)])


def test_scores_of_the_leaderboard_under_a_right_checksum(tmp_path, each_copy):
    scores = Scores(0.9, 0.8, 1.0, 0.95, 0.9, 0.9, 10, 11, 100, 5, 3.5)
    save_scores(tmp_path, "d", scores)
    (path,) = tmp_path.rglob("*.json")
    path.write_bytes(json.dumps(asdict(scores)).encode())
    for _ in each_copy(path, mutated_json, write=lambda data: write_sealed(path, data)):
        found = load_scores(tmp_path, "d")
        assert found is None or isinstance(found.interval, str)


def test_verdicts_under_a_right_checksum(tmp_path, draw_photo, each_copy):
    photo = draw_photo(tmp_path / "photos" / "a.png", (1, 2, 3))
    draw_photo(tmp_path / "photos" / "b.png", (3, 2, 1))
    for each in photo.parent.iterdir():
        os.utime(each, (1e9, 1e9))

    def opened():
        return [image.digest for image in load_catalog(tmp_path / "photos", cache=tmp_path / "cache").images]

    right = opened()
    (path,) = (tmp_path / "cache" / "digests").iterdir()
    path.write_bytes(path.read_bytes()[:-16])
    for _ in each_copy(path, mutated_json, copies=300, write=lambda data: write_sealed(path, data)):
        assert len(opened()) in (1, 2)
    path.unlink()
    assert opened() == right
