"""Arrays on disk, and the kinds they are kept by."""

import numpy as np
import pytest
from store_cases import DAMAGES

from shopsim.store import Store, digest_of, load_array, save_array


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
