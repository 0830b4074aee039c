"""Trees are kept as what they are: an approximate one is never read as an exact one."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.base.disk.store import Store
from shopsim.clusterers import clusterers
from shopsim.clusterers.approximate_tree import ApproximateTree
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.kept_trees import KIND, keep_tree, kept_tree

TREE = clusterers.create("average").fit(clustered_rows(30))


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


def test_an_exact_tree_is_read_as_one(store):
    keep_tree(store, "key", TREE)
    read = kept_tree(store, "key", 30)
    assert type(read) is MergeTree
    assert np.array_equal(read.linkage, TREE.linkage)


def test_an_approximate_tree_is_read_with_its_share(store):
    keep_tree(store, "key", ApproximateTree(TREE.linkage, 30, 0.97))
    read = kept_tree(store, "key", 30)
    assert type(read) is ApproximateTree
    assert read.found == 0.97
    assert np.array_equal(read.linkage, TREE.linkage)


def test_a_clustering_with_a_control_of_its_own_is_not_kept(store):
    keep_tree(store, "key", clusterers.create("average_count").fit(clustered_rows(30)))
    assert kept_tree(store, "key", 30) is None
    assert not (store.root / KIND).exists()


@pytest.mark.parametrize("damage", [lambda stored: stored[:-1], lambda stored: stored[:0], lambda stored: stored * 9])
def test_an_entry_that_is_no_tree_is_a_miss(store, damage):
    keep_tree(store, "key", ApproximateTree(TREE.linkage, 30, 0.97))
    stored = store.load(KIND, "key-approximate")
    store.save(KIND, "key-approximate", damage(stored))
    assert kept_tree(store, "key", 30) is None
    assert kept_tree(store, "key", 29) is None
