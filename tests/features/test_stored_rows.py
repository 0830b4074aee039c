"""Rows that stay on disk give the same numbers as rows in memory."""

import pickle
import shutil
from dataclasses import replace

import numpy as np
import pytest

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.features import extract, stored_rows
from shopsim.features.extract import extract_features, own_features
from shopsim.features.row_store import RowStore
from shopsim.features.stored_rows import InStore, StoredRows, any_in_row
from shopsim.spaces import spaces
from shopsim.spaces.whitened import Whitening

N_ROWS, N_FEATURES = 300, 12


@pytest.fixture(autouse=True)
def small_blocks(monkeypatch):
    """Everything counts as large, and a block has few rows."""
    monkeypatch.setattr(extract, "STREAM_FROM_BYTES", 0)
    monkeypatch.setattr(stored_rows, "BLOCK_ROWS", 32)


@pytest.fixture
def rows():
    made = np.random.default_rng(0).normal(size=(N_ROWS, N_FEATURES)).astype(np.float32)
    made[7] = 0
    made[20] = made[21]
    return made


@pytest.fixture
def stored(rows, tmp_path):
    """The rows in a store of several shards, in another order than they were written in."""
    digests = [f"{number:032}" for number in range(N_ROWS)]
    store = RowStore(tmp_path, "key", N_FEATURES)
    for start in range(0, N_ROWS, 100):
        store.write(digests[start : start + 100][::-1], rows[start : start + 100][::-1].copy())
    return StoredRows(InStore(tmp_path, "key", N_FEATURES, np.array(digests, "S32")), np.arange(N_ROWS), N_FEATURES)


def test_they_read_like_an_array(stored, rows):
    assert (stored.shape, stored.dtype, len(stored)) == (rows.shape, rows.dtype, N_ROWS)
    assert np.array_equal(np.asarray(stored), rows)
    assert np.array_equal(stored[5], rows[5])
    assert np.array_equal(stored[10:50], rows[10:50])
    assert np.array_equal(stored[[9, 3, 9]], rows[[9, 3, 9]])
    assert np.array_equal(stored[rows[:, 0] > 0], rows[rows[:, 0] > 0])
    assert all(np.array_equal(one, other) for one, other in zip(stored, rows, strict=True))
    assert np.array_equal(any_in_row(stored), rows.any(axis=1))


def test_a_part_of_them_stays_on_disk(stored, rows):
    part = stored.take(np.array([250, 4, 7])).as_unit()
    assert isinstance(part, StoredRows)
    assert np.array_equal(np.asarray(part), extract.scaled(rows[[250, 4, 7]]))
    assert not part[2].any()


def test_another_process_opens_them_again_and_gets_no_numbers(stored, rows):
    stored[0]
    packed = pickle.dumps(stored)
    assert np.array_equal(np.asarray(pickle.loads(packed)), rows)
    many = StoredRows(stored.source, stored.places, N_FEATURES)
    assert len(packed) < len(pickle.dumps(many)) + 100


def test_rows_that_are_gone_are_said(stored):
    for path in stored.source.root.rglob("*.rows"):
        path.unlink()
    with pytest.raises(ShopsimError, match="The cache was cleared while features were read; start again"):
        stored[0]


def test_a_row_that_was_damaged_meanwhile_is_said(stored):
    stored[0]
    for path in stored.source.root.rglob("*.rows"):
        with path.open("r+b") as file:
            file.write(b"\xff" * N_FEATURES * 4 * 100)
    assert stored.source.is_there()
    with pytest.raises(ShopsimError, match="damaged"):
        np.asarray(stored)
    assert not stored.source.is_there()


def test_features_on_disk_are_those_in_memory(opened, fake_extractor, cache, monkeypatch):
    on_disk = extract_features(opened(), fake_extractor, cache)
    monkeypatch.setattr(extract, "STREAM_FROM_BYTES", 2**40)
    in_memory = extract_features(opened(), fake_extractor, cache)
    assert isinstance(on_disk.raw, StoredRows)
    assert isinstance(in_memory.raw, np.ndarray)
    assert np.array_equal(np.asarray(on_disk.raw), in_memory.raw)
    assert np.array_equal(np.asarray(on_disk.vectors), in_memory.vectors)
    assert (on_disk.image_ids, on_disk.key) == (in_memory.image_ids, in_memory.key)
    assert on_disk.are_there()
    kept = in_memory.image_ids[::2]
    assert np.array_equal(np.asarray(on_disk.of(kept).raw), in_memory.of(kept).raw)


@pytest.fixture
def own_folder(rows, tmp_path):
    folder = tmp_path / "own"
    folder.mkdir()
    made = rows.astype(np.float64)
    made[3] *= 1e30
    made[4, 2] = np.nan
    np.save(folder / "features.npy", made)
    (folder / "img_paths.txt").write_text("\n".join(f"{number:03}.jpg" for number in range(N_ROWS)[::-1]))
    return folder


def test_own_vectors_on_disk_are_those_in_memory(own_folder, tmp_path, monkeypatch):
    catalog = load_catalog(own_folder, cache=tmp_path / "cache")
    on_disk = own_features(catalog)
    monkeypatch.setattr(extract, "STREAM_FROM_BYTES", 2**40)
    in_memory = own_features(catalog)
    assert isinstance(on_disk.raw, StoredRows)
    assert np.array_equal(np.asarray(on_disk.vectors), in_memory.vectors)
    assert on_disk.image_ids == in_memory.image_ids
    assert len(on_disk.problems) == 2
    assert on_disk.problems == in_memory.problems


def test_an_own_file_that_changed_is_refused(own_folder, tmp_path):
    features = own_features(load_catalog(own_folder, cache=tmp_path / "cache"))
    np.save(own_folder / "features.npy", np.ones((N_ROWS, N_FEATURES + 1)))
    with pytest.raises(ShopsimError, match=r"'features.npy' or its img_paths.txt has changed since it was opened"):
        features.vectors[0]


@pytest.fixture
def wide(tmp_path):
    """Fewer rows in a store than half their features, with one of zeros."""
    made = np.random.default_rng(1).normal(size=(40, 100)).astype(np.float32)
    made[7] = 0
    digests = [f"{number:032}" for number in range(40)]
    RowStore(tmp_path, "wide", 100).write(digests, made)
    return StoredRows(InStore(tmp_path, "wide", 100, np.array(digests, "S32")), np.arange(40), 100)


@pytest.mark.parametrize("some_rows", ["stored", "wide"])
def test_whitening_gives_the_same_bytes_of_rows_in_memory_and_on_disk(some_rows, request):
    rows = request.getfixturevalue(some_rows).as_unit()
    vectors = np.asarray(rows)
    on_disk, in_memory = Whitening().fit(rows), Whitening().fit(vectors)
    assert on_disk.note == in_memory.note
    assert {name: array.tobytes() for name, array in on_disk.arrays().items()} == {
        name: array.tobytes() for name, array in in_memory.arrays().items()
    }
    placed = on_disk.transform(rows)
    assert placed.tobytes() == in_memory.transform(vectors).tobytes()
    assert placed.any(axis=1).tolist() == [number != 7 for number in range(len(rows))]


def test_whitening_on_disk_leaves_equal_rows_equal(stored):
    placed = Whitening().fit(stored.as_unit()).transform(stored.as_unit())
    assert np.array_equal(placed[20], placed[21])


def test_whitening_makes_no_covariance_of_far_fewer_photos_than_features(wide, monkeypatch):
    monkeypatch.setattr("shopsim.spaces.whitened.moments", None)
    assert Whitening().fit(wide.as_unit()).projection.shape == (100, 39 // 4)


def test_whitening_of_few_rows_on_disk_stays_raw(stored):
    few = stored.take(np.arange(20)).as_unit()
    assert Whitening().fit(few).note == Whitening().fit(np.asarray(few)).note


def test_features_know_that_the_cache_was_cleared(opened, fake_extractor, cache):
    features = extract_features(opened(), fake_extractor, cache)
    shutil.rmtree(cache / "features")
    assert not features.are_there()


def test_features_know_that_others_filled_the_cleared_cache(opened, fake_extractor, cache):
    catalog = opened()
    features = extract_features(catalog, fake_extractor, cache)
    shutil.rmtree(cache / "features")
    fewer = replace(catalog, images=catalog.images[:2])
    assert extract_features(fewer, fake_extractor, cache).are_there()
    assert not features.are_there()


def test_rows_in_files_that_were_joined_are_still_there(stored):
    assert stored.source.is_there()
    RowStore(stored.source.root, "key", N_FEATURES)._join(
        RowStore(stored.source.root, "key", N_FEATURES)._shards(list(stored.source.root.rglob("*.rows")))
    )
    assert stored.source.is_there()


def test_a_cache_that_is_cleared_before_the_rows_are_read_is_filled_again(opened, fake_extractor, cache, monkeypatch):
    read, cleared = extract.any_in_row, []

    def clear_once(rows):
        if not cleared:
            cleared.append(True)
            Store(cache).clear("features")
        return read(rows)

    monkeypatch.setattr(extract, "any_in_row", clear_once)
    features = extract_features(opened(), fake_extractor, cache)
    assert cleared
    assert len(np.asarray(features.vectors)) == len(features.image_ids)


@pytest.mark.parametrize("name", ["raw", "blended"])
@pytest.mark.parametrize("some_rows", ["stored", "wide"])
def test_other_spaces_give_the_same_bytes_of_rows_in_memory_and_on_disk(name, some_rows, request, monkeypatch):
    rows = request.getfixturevalue(some_rows).as_unit()
    vectors = np.asarray(rows)
    in_memory = spaces.create(name).fit(vectors).transform(vectors)
    if some_rows == "stored":
        # Of fewer rows than half their features, all are read at once.
        monkeypatch.setattr(StoredRows, "__array__", None)
    assert spaces.create(name).fit(rows).transform(rows).tobytes() == in_memory.tobytes()
