"""One flipped bit anywhere in the cache: the same groups, one sentence, and the next run finds it mended."""

import pytest

from shopsim.base.disk import damage
from shopsim.base.disk.damage import note_damage
from shopsim.base.paths import cache_dir

SAID = "damaged on the disk"


def flip_in_each(pattern, place):
    """Flips a bit in every file of the cache that fits; how many there are."""
    paths = sorted(path for path in cache_dir().glob(pattern) if path.is_file())
    for path in paths:
        data = bytearray(path.read_bytes())
        data[int(place * (len(data) - 1))] ^= 4
        path.write_bytes(data)
    return len(paths)


@pytest.mark.parametrize("place", [0, 0.3, 0.7, 1])
@pytest.mark.parametrize("kind", ["features/*/*.rows", "trees/*.npy", "vectors/*.npy", "digests/*.json", "*/**/*.*"])
def test_a_damaged_cache_changes_no_group_and_is_said_once(run, tiny_catalog, fake_extractor, tmp_path, kind, place):
    damage.take()

    def grouped(out):
        code, _, said = run("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / out)
        assert code == 0, said
        return (tmp_path / out / "groups.csv").read_bytes(), said.count(SAID)

    first = grouped("first")
    assert flip_in_each(kind, place)
    assert grouped("again") == (first[0], 1)
    assert grouped("later") == first == (first[0], 0)


def test_rows_zeroed_on_the_disk_are_not_taken_for_blank_photos(run_json, tiny_catalog, fake_extractor):
    first = run_json("extract", tiny_catalog, "--extractor", "fake")
    for path in cache_dir().glob("features/*/*.rows"):
        data = path.read_bytes()
        path.write_bytes(bytes(2 * 48 * 4) + data[2 * 48 * 4 :])
    again = run_json("extract", tiny_catalog, "--extractor", "fake")
    assert (first["n_images"], again["n_images"], again["problems"]) == (16, 16, [])
    # Two rows in each of four batches.
    assert again["n_computed"] == 8


def test_a_file_that_cannot_be_removed_is_said_once_per_process(tmp_path):
    damage.take()
    for _ in range(3):
        note_damage(tmp_path / "a")
    assert damage.take() == [f"A file of the cache was damaged on the disk and is computed again: '{tmp_path.name}/a'."]
    note_damage(tmp_path / "a")
    assert damage.take() == []
