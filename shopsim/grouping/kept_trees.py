"""Merge trees in the store, exact and approximate ones."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.clusterers import Tree
from shopsim.clusterers.approximate_tree import ApproximateTree
from shopsim.clusterers.merge_tree import MergeTree

KIND = "trees"
SomeTree = TypeVar("SomeTree", bound=MergeTree)


def stored_tree(store: Store, key: str, n_images: int, kind: Callable[[np.ndarray, int], SomeTree]) -> SomeTree | None:
    """Returns the tree kept under that key, or None. kind: makes a tree of its linkage, `MergeTree` for example."""
    linkage = store.load(KIND, key)
    try:
        return None if linkage is None else kind(linkage, n_images)
    except ValueError:
        return None  # An entry that is no tree of these photos is a miss and is written again.


def kept_tree(store: Store, key: str, n_images: int) -> MergeTree | None:
    """Returns the tree that `keep_tree` kept under that key, or None."""
    tree = stored_tree(store, key, n_images, MergeTree)
    return stored_tree(store, _approximate(key), n_images, _with_share) if tree is None else tree


def keep_tree(store: Store, key: str, tree: Tree) -> None:
    """Keeps a merge tree; any other clustering is not kept, since one with its own control could not be told."""
    if type(tree) is MergeTree:
        store.save(KIND, key, tree.linkage)
    elif isinstance(tree, ApproximateTree):
        # In one file, so that the tree is never read without its share.
        store.save(KIND, _approximate(key), np.concatenate([tree.linkage, np.full((1, 4), tree.found)]))


def _approximate(key: str) -> str:
    return f"{key}-approximate"


def _with_share(stored: np.ndarray, n_images: int) -> ApproximateTree:
    if stored.ndim != 2 or not len(stored):
        raise ValueError("there is no share of neighbours.")
    return ApproximateTree(stored[:-1], n_images, float(stored[-1, 0]))
