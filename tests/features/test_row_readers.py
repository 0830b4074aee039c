"""Reading feature rows: by number from several files, and while others write and merge them."""

import threading

import numpy as np
import pytest
from store_cases import digests, write_one_by_one

from shopsim import ShopsimError
from shopsim.features.row_store import RowStore


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


def test_a_reader_never_gives_a_row_that_was_damaged_meanwhile(tmp_path):
    rows = RowStore(tmp_path, "key", 3)
    rows.write(digests(0, 1), np.ones((2, 3)))
    reader = rows.reader(digests(0, 1))
    (path,) = tmp_path.rglob("*.rows")
    with path.open("rb+") as file:
        file.write(bytes(12))
    assert reader[np.array([1])].tolist() == [[1, 1, 1]]
    with pytest.raises(ShopsimError, match="damaged while it was read; start again"):
        reader[np.array([0, 1])]


def test_a_reader_looks_again_when_others_join_shards_meanwhile(tmp_path, monkeypatch):
    rows, other = RowStore(tmp_path, "key", 3), RowStore(tmp_path, "key", 3)
    write_one_by_one(rows, range(20))
    listing = rows._listing

    def listing_then_merge():
        names = listing()
        other.merge()
        return names

    monkeypatch.setattr(rows, "_listing", listing_then_merge)
    assert rows.reader(digests(19, 0))[np.arange(2)][:, 0].tolist() == [20, 1]


def test_the_entries_of_joined_shards_are_found_too(tmp_path, monkeypatch):
    rows, other = RowStore(tmp_path, "key", 3), RowStore(tmp_path, "key", 3)
    write_one_by_one(rows, range(20))
    listing = rows._listing
    monkeypatch.setattr(rows, "_listing", lambda: (listing(), other.merge())[0])
    assert rows.lists(digests(*range(20)))
    assert not rows.lists(digests(0, 20))
