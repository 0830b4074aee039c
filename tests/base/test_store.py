"""Arrays on disk, and the kinds they are kept by."""

import numpy as np
import pytest
from store_cases import DAMAGES

from shopsim.base.disk.damage import take
from shopsim.base.disk.sealed import write_sealed
from shopsim.base.disk.store import Store, digest_of, load_array, save_array


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
    assert store.sizes() == {"points": (1, 160), "trees": (2, 320)}
    store.clear("trees")
    store.clear("never there")
    assert list(store.sizes()) == ["points"]


@pytest.mark.parametrize("kind", ["..", "../cache", "/etc", ".", "", "a/b", ".hidden"])
def test_clearing_never_leaves_the_cache(tmp_path, kind):
    with pytest.raises(ValueError, match="no kind"):
        Store(tmp_path).clear(kind)


def test_digest_tells_parts_apart():
    assert (
        len({digest_of("a", "b"), digest_of("ab"), digest_of("b", "a"), digest_of("a\0b"), digest_of("a", "b", "")})
        == 5
    )
    assert digest_of("가방", 1, None) == digest_of("가방", 1, None)


@pytest.mark.parametrize("damage", DAMAGES)
def test_an_entry_without_its_seal_is_a_miss_and_said_once(tmp_path, damage):
    (tmp_path / "a.npy").write_bytes(DAMAGES[damage])
    take()
    assert load_array(tmp_path / "a.npy") is None
    assert take() == [f"A file of the cache was damaged on the disk and is computed again: '{tmp_path.name}/a.npy'."]
    assert load_array(tmp_path / "a.npy") is None
    assert take() == []


@pytest.mark.parametrize("damage", [name for name in DAMAGES if not name.startswith(("other", "empty"))])
def test_what_is_no_array_is_a_miss_even_under_a_seal(tmp_path, damage):
    write_sealed(tmp_path / "a.npy", DAMAGES[damage])
    assert load_array(tmp_path / "a.npy") is None
    assert list(tmp_path.iterdir()) == []


def test_any_flipped_bit_is_a_miss(tmp_path):
    path, array = tmp_path / "a.npy", np.arange(6.0).reshape(2, 3)
    save_array(path, array)
    whole = path.read_bytes()
    for place in range(len(whole)):
        path.write_bytes(whole[:place] + bytes([whole[place] ^ 1 << place % 8]) + whole[place + 1 :])
        assert load_array(path) is None, place
        # A damaged entry is removed, so that nobody says it again.
        assert not path.exists()
    path.write_bytes(whole)
    np.testing.assert_array_equal(load_array(path), array)


def test_an_entry_in_the_place_of_another_is_a_miss(tmp_path):
    save_array(tmp_path / "a.npy", np.zeros(3))
    (tmp_path / "a.npy").rename(tmp_path / "b.npy")
    assert load_array(tmp_path / "b.npy") is None


def test_a_loaded_array_may_be_changed(tmp_path):
    save_array(tmp_path / "a.npy", np.zeros(3))
    load_array(tmp_path / "a.npy")[0] = 1


def test_many_damaged_files_are_said_in_one_sentence(tmp_path):
    take()
    for name in "abc":
        (tmp_path / name).write_bytes(b"x")
        load_array(tmp_path / name)
    first = f"{tmp_path.name}/a"
    assert take() == [f"3 files of the cache were damaged on the disk and are computed again, '{first}' for one."]


def test_what_an_earlier_version_kept_is_neither_read_nor_called_damaged(tmp_path):
    (tmp_path / "trees").mkdir()
    np.save(tmp_path / "trees" / "d.npy", np.zeros(3))
    take()
    assert Store(tmp_path).load("trees", "d") is None
    assert take() == []


def test_objects_are_never_unpickled(tmp_path):
    np.save(tmp_path / "a.npy", np.array([{}], object), allow_pickle=True)
    write_sealed(tmp_path / "b.npy", (tmp_path / "a.npy").read_bytes())
    assert load_array(tmp_path / "b.npy") is None
    with pytest.raises(ValueError, match="Object arrays"):
        save_array(tmp_path / "b.npy", np.array([{}], object))
    assert list(tmp_path.iterdir()) == [tmp_path / "a.npy"]
