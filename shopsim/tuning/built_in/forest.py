"""Evaluates a forest of regression trees that is kept as plain arrays, without the library that grew it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np

from shopsim.base.errors import ShopsimError

_LEAF = -1
_DTYPES = {"roots": np.int32, "feature": np.int16, "threshold": np.float32, "left": np.int32, "right": np.int32}


@dataclass(frozen=True, eq=False)
class Forest:
    """Regression trees with several outputs, all nodes of all trees in one row of arrays.

    roots: (n_trees,) int32, the place of each tree's first node.
    feature: (n_nodes,) int16, the column that a node asks about, -1 for a leaf.
    threshold: (n_nodes,) float32; a row goes to `left` where its value is at most this, else to `right`.
    left, right: (n_nodes,) int32 places of nodes.
    value: (n_nodes, n_outputs) float16, the answer of a leaf.
    """

    roots: np.ndarray
    feature: np.ndarray
    threshold: np.ndarray
    left: np.ndarray
    right: np.ndarray
    value: np.ndarray

    def __post_init__(self) -> None:
        n_nodes = len(self.feature)
        for name, dtype in _DTYPES.items():
            array = getattr(self, name)
            if array.ndim != 1 or array.dtype != dtype or (name != "roots" and len(array) != n_nodes):
                raise ShopsimError(f"A forest's '{name}' is malformed; right would be a row of {np.dtype(dtype)}.")
        if self.value.ndim != 2 or len(self.value) != n_nodes or not np.isfinite(self.value).all():
            raise ShopsimError("A forest's 'value' is malformed; right would be finite numbers, one row per node.")
        inner, here = self.feature != _LEAF, np.arange(n_nodes)
        for children in (self.left, self.right):
            # A child stands behind its parent, so every walk ends.
            if (children[inner] <= here[inner]).any() or (children[inner] >= n_nodes).any():
                raise ShopsimError("A forest has a node that leads nowhere.")
        if ((self.roots < 0) | (self.roots >= n_nodes)).any():
            raise ShopsimError("A forest has a tree without nodes.")

    @classmethod
    def of(cls, trees: Iterable[Any]) -> Self:
        """Takes over the `tree_` attributes of fitted scikit-learn regression trees."""
        parts: dict[str, list[np.ndarray]] = {name: [] for name in (*_DTYPES, "value")}
        start = 0
        for tree in trees:
            leaf = tree.children_left < 0
            parts["roots"].append(np.array([start]))
            parts["feature"].append(np.where(leaf, _LEAF, tree.feature))
            parts["threshold"].append(_at_most(tree.threshold))
            for name, children in (("left", tree.children_left), ("right", tree.children_right)):
                parts[name].append(np.where(leaf, 0, children + start))
            parts["value"].append(tree.value[:, :, 0])
            start += tree.node_count
        arrays = {name: np.concatenate(parts[name]).astype(dtype) for name, dtype in _DTYPES.items()}
        return cls(**arrays, value=np.concatenate(parts["value"]).astype(np.float16))

    def arrays(self) -> dict[str, np.ndarray]:
        """Returns the arrays by name, as `restore` takes them."""
        return {name: getattr(self, name) for name in (*_DTYPES, "value")}

    @classmethod
    def restore(cls, arrays: Mapping[str, np.ndarray]) -> Self:
        """Returns the forest with these arrays. Raises ShopsimError if they are malformed or one is missing."""
        try:
            return cls(**{name: arrays[name] for name in (*_DTYPES, "value")})
        except KeyError as missing:
            raise ShopsimError(f"A forest's {missing} is missing.") from None

    def each(self, rows: np.ndarray) -> np.ndarray:
        """Returns the answer of every tree: (n, n_features) numbers -> (n_trees, n, n_outputs) float32."""
        rows = np.asarray(rows, dtype=np.float32)
        node = np.repeat(self.roots[:, None], len(rows), axis=1)
        row = np.arange(len(rows))
        while (inner := self.feature[node] != _LEAF).any():
            value = rows[row, np.where(inner, self.feature[node], 0)]
            following = np.where(value <= self.threshold[node], self.left[node], self.right[node])
            node = np.where(inner, following, node)
        return self.value[node].astype(np.float32)

    def predict(self, rows: np.ndarray) -> np.ndarray:
        """Returns the mean answer of the trees: (n, n_features) numbers -> (n, n_outputs) float64."""
        return self.each(rows).astype(np.float64).mean(axis=0)


def _at_most(threshold: np.ndarray) -> np.ndarray:
    """Returns the largest float32 at most each float64, so that float32 values compare with it as before."""
    rounded = threshold.astype(np.float32)
    above = rounded.astype(np.float64) > threshold
    return np.where(above, np.nextafter(rounded, np.float32(-np.inf)), rounded)
