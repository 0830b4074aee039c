"""Arrays and feature rows on disk."""

import io
import os
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import pytest
from catalog_fixtures import PROJECT

from shopsim import ShopsimError, row_store
from shopsim.row_store import RowStore
from shopsim.store import Store, digest_of, load_array, save_array


def digests(*numbers):
    return [f"{number:032x}" for number in numbers]


def row_of(number, n_features=3):
    return np.full(n_features, number + 1, np.float32)


def write_one_by_one(store, numbers):
    for number in numbers:
        store.write(digests(number), row_of(number, store.n_features)[None])


def ids_files(root):
    return sorted(root.rglob("*.ids.npy"))


@pytest.fixture
def rows(tmp_path):
    return RowStore(tmp_path, "key", 3)


def test_array_comes_back_as_it_was(tmp_path):
    store, array = Store(tmp_path), np.arange(6).reshape(2, 3)
    assert store.load("trees", "d") is None
    store.save("trees", "d", array)
    np.testing.assert_array_equal(store.load("trees", "d"), array)
    assert store.load("points", "d") is None


def test_sizes_and_clearing_go_by_kind(tmp_path):
    store = Store(tmp_path / "cache")
    assert store.sizes() == {}
    store.save("trees", "a", np.zeros(2))
    store.save("trees", "b", np.zeros(2))
    store.save("points", "a", np.zeros(2))
    assert store.sizes() == {"points": (1, 144), "trees": (2, 288)}
    store.clear("trees")
    store.clear("never there")
    assert list(store.sizes()) == ["points"]


@pytest.mark.parametrize("kind", ["..", "../cache", "/etc", "."])
def test_clearing_never_leaves_the_cache(tmp_path, kind):
    with pytest.raises(ValueError, match="no kind"):
        Store(tmp_path).clear(kind)


def test_digest_tells_parts_apart():
    assert (
        len({digest_of("a", "b"), digest_of("ab"), digest_of("b", "a"), digest_of("a\0b"), digest_of("a", "b", "")})
        == 5
    )
    assert digest_of("가방", 1, None) == digest_of("가방", 1, None)


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


WHOLE = npy(np.ones((2, 3), np.float32))
DAMAGES = {
    "empty": b"",
    "header cut": WHOLE[:30],
    "truncated": WHOLE[:-4],
    "zeros": bytes(len(WHOLE)),
    "text": b"hello",
    "zipped": b"PK\x03\x04" + WHOLE,
    "too large": WHOLE.replace(b"(2, 3), }          ", b"(99999999, 99999), }"),
    "other shape": npy(np.ones((2, 4), np.float32)),
    "other type": npy(np.ones((2, 3), np.float64)),
    "pickle": b"\x80\x04K\x01.",
}


@pytest.mark.parametrize("damage", [name for name in DAMAGES if not name.startswith("other")])
@pytest.mark.parametrize("mmap", [False, True])
def test_damaged_array_is_a_miss(tmp_path, damage, mmap):
    (tmp_path / "a.npy").write_bytes(DAMAGES[damage])
    assert load_array(tmp_path / "a.npy", mmap) is None


def test_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    assert load_array(tmp_path / "a.npy") is None
    with pytest.raises(ValueError, match="Object arrays"):
        save_array(tmp_path / "b.npy", np.array([{}], object))
    assert list(tmp_path.iterdir()) == [tmp_path / "a.npy"]


def test_rows_come_back_in_the_order_asked_for(rows):
    rows.write(digests(1, 2, 3), np.stack([row_of(1), row_of(2), row_of(3)]))
    found, got = rows.read(digests(3, 9, 1, 3))
    assert found.tolist() == [True, False, True, True]
    assert got.tolist() == [[4] * 3, [0] * 3, [2] * 3, [4] * 3]
    assert rows.holds(digests(3, 9, 1, 3)).tolist() == found.tolist()


def test_nothing_asked_or_held_is_no_error(rows):
    found, got = rows.read([])
    assert found.shape == (0,)
    assert got.shape == (0, 3)
    assert rows.holds(digests(1)).tolist() == [False]
    rows.merge()


def test_keys_and_lengths_keep_their_rows_apart(tmp_path, rows):
    rows.write(digests(1), row_of(1)[None])
    assert not RowStore(tmp_path, "other", 3).holds(digests(1)).any()
    assert not RowStore(tmp_path, "key", 4).holds(digests(1)).any()
    assert RowStore(tmp_path, "key", 3).holds(digests(1)).all()


@pytest.mark.parametrize("damage", DAMAGES)
@pytest.mark.parametrize("part", ["ids", "rows"])
def test_damaged_shard_is_a_miss_and_written_again(tmp_path, rows, damage, part):
    name = rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    rows.write(digests(3), row_of(3)[None])
    (path,) = tmp_path.rglob(f"{name}.ids.npy" if part == "ids" else f"{name}.npy")
    path.write_bytes(DAMAGES[damage])
    assert rows.holds(digests(1, 2, 3)).tolist() == [False, False, True]
    rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    assert rows.read(digests(1, 2, 3))[1].tolist() == [[2] * 3, [3] * 3, [4] * 3]


def test_damaged_shard_does_not_hide_another_with_the_same_photo(tmp_path, rows):
    for name in (rows.write(digests(1, 2), np.ones((2, 3))), rows.write(digests(1, 3), np.ones((2, 3)))):
        (path,) = tmp_path.rglob(f"{name}.npy")
        whole = path.read_bytes()
        path.write_bytes(b"")
        assert rows.holds(digests(1)).all()
        path.write_bytes(whole)


def test_merging_keeps_every_row_in_few_files(tmp_path, rows):
    write_one_by_one(rows, range(40))
    rows.write(digests(5, 50), np.stack([row_of(5), row_of(50)]))
    before = rows.read(digests(*range(51)))
    rows.merge()
    assert len(ids_files(tmp_path)) == 1
    after = rows.read(digests(*range(51)))
    np.testing.assert_array_equal(after[0], before[0])
    np.testing.assert_array_equal(after[1], before[1])
    assert after[0].sum() == 41


def test_merging_leaves_few_shards_and_large_ones_alone(tmp_path, rows, monkeypatch):
    write_one_by_one(rows, range(15))
    rows.merge()
    assert len(ids_files(tmp_path)) == 15
    monkeypatch.setattr(row_store, "_SMALL", 3)
    rows.write(digests(100, 101, 102), np.ones((3, 3)))
    rows.write(digests(103), np.ones((1, 3)))
    rows.merge()
    assert len(ids_files(tmp_path)) == 2


def test_merging_fills_several_large_shards(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(row_store, "_LARGE", 8)
    write_one_by_one(rows, range(20))
    rows.merge()
    assert len(ids_files(tmp_path)) == 3
    assert rows.holds(digests(*range(20))).all()


def test_merging_twice_at_once_loses_nothing(tmp_path, rows, monkeypatch):
    """Another merge happens between this one's reading and its removing."""
    write_one_by_one(rows, range(20))
    write, twin = rows.write, RowStore(tmp_path, "key", 3)

    def write_after_the_other(*args):
        write_one_by_one(twin, range(20, 24))
        twin.merge()
        return write(*args)

    monkeypatch.setattr(rows, "write", write_after_the_other)
    rows.merge()
    assert twin.holds(digests(*range(24))).all()


def test_merging_spares_a_shard_that_is_just_being_written(tmp_path, rows, monkeypatch):
    """Its rows are there and its ids are not, then the other way round as on a damaged disk."""
    write_one_by_one(rows, range(16))
    name = rows.write(digests(99), row_of(99)[None])
    (ids,) = tmp_path.rglob(f"{name}.ids.npy")
    whole = ids.read_bytes()
    ids.unlink()
    rows.merge()
    ids.write_bytes(whole)
    assert rows.read(digests(99))[1].tolist() == [[100] * 3]


def test_reader_looks_again_when_shards_are_merged_under_it(tmp_path, rows, monkeypatch):
    write_one_by_one(rows, range(20))
    listing, other = rows._listing, RowStore(tmp_path, "key", 3)

    def listing_then_merge():
        names = listing()
        other.merge()
        return names

    monkeypatch.setattr(rows, "_listing", listing_then_merge)
    assert rows.read(digests(*range(20)))[0].all()


def test_files_of_killed_writers_are_swept_after_a_while(tmp_path, rows):
    name = rows.write(digests(1), row_of(1)[None])
    (folder,) = {path.parent for path in tmp_path.rglob(f"{name}.npy")}
    old, new = folder / ".0123.tmp", folder / ".4567.tmp"
    for path in (old, new):
        path.touch()
    os.utime(old, (time.time() - 7200,) * 2)
    rows.merge()
    assert not old.exists()
    assert new.exists()


def test_a_file_that_its_writer_finishes_meanwhile_does_not_stop_the_merge(rows, monkeypatch):
    rows.write(digests(1), row_of(1)[None])
    is_file = Path.is_file

    def finished_after_a_look(path):
        there = is_file(path)
        if path.suffix == ".tmp":
            path.unlink(missing_ok=True)
        return there

    (rows._folder / ".0123.tmp").touch()
    monkeypatch.setattr(Path, "is_file", finished_after_a_look)
    rows.merge()
    assert rows.holds(digests(1)).all()


def test_cache_that_refuses_is_said_in_a_sentence(tmp_path):
    (tmp_path / "cache").write_text("a file, not a folder")
    with pytest.raises(ShopsimError, match="Cannot write"):
        RowStore(tmp_path / "cache", "key", 3).write(digests(1), row_of(1)[None])


FULL_DISK = """
import resource, sys
from pathlib import Path
import numpy as np
from shopsim import ShopsimError
from shopsim.row_store import RowStore
resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))
try:
    RowStore(Path(sys.argv[1]), "key", 5000).write(["0" * 32], np.ones((1, 5000)))
except ShopsimError as error:
    print(error)
"""


def test_full_cache_is_said_in_a_sentence_and_leaves_no_rubbish(tmp_path):
    ended = subprocess.run(
        [sys.executable, "-c", FULL_DISK, str(tmp_path)], capture_output=True, text=True, cwd=PROJECT, check=True
    )
    assert ended.stdout.startswith("Cannot write '")
    assert sorted(path.name for path in tmp_path.rglob("*") if path.is_file()) == ["key.txt"]


def test_readers_see_every_row_while_others_write_and_merge(tmp_path):
    """Four threads with stores of their own, as four processes would have."""
    stores = [RowStore(tmp_path, "key", 3) for _ in range(4)]
    write_one_by_one(stores[0], range(30))
    ends, lost = threading.Event(), []

    def churn(store, first):
        for number in range(first, first + 60):
            write_one_by_one(store, [number])
            store.merge()

    def read(store):
        while not ends.is_set():
            found, got = store.read(digests(*range(30)))
            if not found.all() or got[:, 0].tolist() != list(range(1, 31)):
                lost.append(np.flatnonzero(~found))

    writers = [threading.Thread(target=churn, args=(stores[n], 1000 * (n + 1))) for n in range(2)]
    readers = [threading.Thread(target=read, args=(store,)) for store in stores[2:]]
    for thread in writers + readers:
        thread.start()
    for thread in writers:
        thread.join()
    ends.set()
    for thread in readers:
        thread.join()
    assert not lost
    assert stores[0].holds(digests(*range(30), *range(1000, 1060), *range(2000, 2060))).all()


def test_a_reader_gives_rows_by_number_from_several_shards(tmp_path):
    rows = RowStore(tmp_path, "key", 3, kind="other", row_type=np.float16)
    names = [f"{number:032x}" for number in range(6)]
    values = np.arange(18, dtype=np.float16).reshape(6, 3)
    rows.write(names[:4], values[:4])
    rows.write(names[3:], values[3:])
    order = [5, 0, 3]
    reader = rows.reader([names[number] for number in order])
    found = reader[np.array([2, 0, 1, 1])]
    assert found.dtype == np.float16
    np.testing.assert_array_equal(found, values[[3, 5, 0, 0]])
    assert len(reader) == 3
    assert (tmp_path / "other").is_dir()


def test_a_reader_needs_every_row(tmp_path):
    rows = RowStore(tmp_path, "key", 3)
    for asked in (["0" * 32], []):
        with pytest.raises(KeyError):
            rows.reader(asked or ["1" * 32])
    rows.write(["0" * 32], np.ones((1, 3)))
    with pytest.raises(KeyError):
        rows.reader(["0" * 32, "1" * 32])
