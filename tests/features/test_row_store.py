"""Feature rows on disk: written, damaged, merged, refused."""

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from catalog_fixtures import PROJECT
from store_cases import WHOLE, digests, row_of, write_one_by_one

from shopsim import ShopsimError
from shopsim.base.disk.damage import take
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.features import row_store
from shopsim.features.row_store import RowStore


def shard_files(root):
    return sorted(root.rglob("*.rows"))


@pytest.fixture
def rows(tmp_path):
    return RowStore(tmp_path, "key", 3)


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


SHARD_DAMAGES = {
    "empty": lambda whole: b"",
    "one byte short": lambda whole: whole[:-1],
    "one row short": lambda whole: whole[:-12],
    "one byte long": lambda whole: whole + b"x",
    "as long again": lambda whole: whole * 2,
    "zeros": lambda whole: bytes(len(whole)),
    "entries zeroed": lambda whole: whole[:24] + bytes(len(whole) - 24),
    "entries swapped": lambda whole: whole[:24] + whole[64:104] + whole[24:64] + whole[104:],
    "text": lambda whole: b"hello",
    "an array": lambda whole: WHOLE,
}


@pytest.mark.parametrize("damage", SHARD_DAMAGES)
def test_damaged_shard_is_a_miss_said_once_and_written_again(tmp_path, rows, damage):
    name = rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    rows.write(digests(3), row_of(3)[None])
    (path,) = tmp_path.rglob(f"{name}.rows")
    path.write_bytes(SHARD_DAMAGES[damage](path.read_bytes()))
    take()
    assert rows.holds(digests(1, 2, 3)).tolist() == [False, False, True]
    (said,) = take()
    assert said.startswith("A file of the cache was damaged on the disk and is computed again: '")
    assert rows.read(digests(1, 2, 3))[0].tolist() == [False, False, True]
    assert not take()
    rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    assert rows.read(digests(1, 2, 3))[1].tolist() == [[2] * 3, [3] * 3, [4] * 3]


def test_any_flipped_bit_of_a_shard_is_a_miss_of_what_it_touches_and_of_nothing_else(tmp_path, rows):
    name = rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    (path,) = tmp_path.rglob(f"{name}.rows")
    whole = path.read_bytes()
    n_rows_bytes = 2 * 3 * 4
    for place in range(len(whole)):
        for other in shard_files(tmp_path):
            other.unlink()
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        found, got = rows.read(digests(1, 2))
        sound = [12 <= place < n_rows_bytes, place < 12]
        assert found.tolist() == sound, place
        assert got[:, 0].tolist() == [2.0 * sound[0], 3.0 * sound[1]]


def test_a_damaged_row_costs_no_other_and_is_said_once(tmp_path, rows):
    rows.write(digests(1, 2, 3), np.stack([row_of(1), row_of(2), row_of(3)]))
    (path,) = shard_files(tmp_path)
    whole = path.read_bytes()
    path.write_bytes(whole[:12] + bytes(12) + whole[24:])
    take()
    assert rows.read(digests(1, 2, 3))[1].tolist() == [[2] * 3, [0] * 3, [4] * 3]
    assert len(take()) == 1
    # Taken out of its shard, so that nobody finds it again.
    assert path not in shard_files(tmp_path)
    assert rows.holds(digests(1, 2, 3)).tolist() == [True, False, True]
    assert not take()


def test_a_damaged_row_is_not_held(tmp_path, rows):
    rows.write(digests(1, 2, 3), np.stack([row_of(1), row_of(2), row_of(3)]))
    (path,) = shard_files(tmp_path)
    path.write_bytes(path.read_bytes()[:12] + bytes(12) + path.read_bytes()[24:])
    assert rows.holds(digests(1, 2, 3)).tolist() == [True, False, True]


def test_rows_damaged_in_a_cache_that_can_only_be_read_are_a_miss(tmp_path, rows, monkeypatch):
    rows.write(digests(1, 2), np.stack([row_of(1), row_of(2)]))
    (path,) = shard_files(tmp_path)
    path.write_bytes(bytes(12) + path.read_bytes()[12:])

    def refuse(*_):
        raise ShopsimError("Cannot write.")

    monkeypatch.setattr(rows, "write", refuse)
    take()
    for _ in range(2):
        assert rows.read(digests(1, 2))[0].tolist() == [False, True]
    assert len(take()) == 1
    assert shard_files(tmp_path) == [path]


def test_damaged_row_does_not_hide_another_of_the_same_photo(tmp_path, rows):
    for name in (rows.write(digests(1, 2), np.ones((2, 3))), rows.write(digests(1, 3), np.ones((2, 3)))):
        (path,) = tmp_path.rglob(f"{name}.rows")
        whole = path.read_bytes()
        path.write_bytes(bytes(12) + whole[12:])
        assert rows.read(digests(1))[1].tolist() == [[1] * 3]
        path.write_bytes(whole)


def test_merging_leaves_damaged_rows_out(tmp_path, rows):
    write_one_by_one(rows, range(16))
    path = shard_files(tmp_path)[3]
    path.write_bytes(bytes(12) + path.read_bytes()[12:])
    rows.merge()
    assert len(shard_files(tmp_path)) == 1
    assert rows.holds(digests(*range(16))).sum() == 15


def test_merging_keeps_every_row_in_few_files(tmp_path, rows):
    write_one_by_one(rows, range(40))
    rows.write(digests(5, 50), np.stack([row_of(5), row_of(50)]))
    before = rows.read(digests(*range(51)))
    rows.merge()
    assert len(shard_files(tmp_path)) == 1
    after = rows.read(digests(*range(51)))
    np.testing.assert_array_equal(after[0], before[0])
    np.testing.assert_array_equal(after[1], before[1])
    assert after[0].sum() == 41


def test_merging_leaves_few_shards_and_large_ones_alone(tmp_path, rows, monkeypatch):
    write_one_by_one(rows, range(15))
    rows.merge()
    assert len(shard_files(tmp_path)) == 15
    monkeypatch.setattr(row_store, "_SMALL", 3)
    rows.write(digests(100, 101, 102), np.ones((3, 3)))
    rows.write(digests(103), np.ones((1, 3)))
    rows.merge()
    assert len(shard_files(tmp_path)) == 2


def test_merging_fills_several_large_shards(tmp_path, rows, monkeypatch):
    monkeypatch.setattr(row_store, "_LARGE", 8)
    write_one_by_one(rows, range(20))
    rows.merge()
    assert len(shard_files(tmp_path)) == 3
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


def test_reader_looks_again_when_shards_are_merged_under_it(tmp_path, rows, monkeypatch):
    write_one_by_one(rows, range(20))
    listing, other = rows._listing, RowStore(tmp_path, "key", 3)

    def listing_then_merge():
        names = listing()
        other.merge()
        return names

    monkeypatch.setattr(rows, "_listing", listing_then_merge)
    assert rows.read(digests(*range(20)))[0].all()


def test_files_of_killed_writers_are_swept(tmp_path, rows):
    name = rows.write(digests(1), row_of(1)[None])
    (folder,) = {path.parent for path in tmp_path.rglob(f"{name}.rows")}
    ours = unfinished_name("tmp")
    killed = ours.replace(f"-{os.getpid()}-", "-4194305-")
    for each in (ours, killed):
        (folder / each).touch()
    rows.merge()
    assert not (folder / killed).exists()
    assert (folder / ours).exists()


def test_a_file_that_its_writer_finishes_meanwhile_does_not_stop_the_merge(rows, monkeypatch):
    rows.write(digests(1), row_of(1)[None])
    is_file = Path.is_file

    def finished_after_a_look(path):
        there = is_file(path)
        if path.suffix == ".tmp":
            path.unlink(missing_ok=True)
        return there

    (rows._folder / ".0123456789abcdef.tmp").touch()
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
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.features.row_store import RowStore
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
