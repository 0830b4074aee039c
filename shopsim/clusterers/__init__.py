"""Clustering algorithms turn vectors into groups. Each has a file of its own and is found by its registered name."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from shopsim.base.registry import Registry


@dataclass(frozen=True)
class Control:
    """The one number a fitted clustering is cut by.

    kind: `similarity` (cosine, 1.0 = identical direction; a page shows percent), `count` (number of groups)
        or `resolution` (any number; a higher one gives more groups). `low` and `high` are inclusive.
    instant: whether a cut takes milliseconds, so that a page may offer a slider; otherwise a field with an Apply
        button. help: also says how a value carries over to other photos.
    joins: of a similarity, whether each photo of a group is at least that similar to another photo of the group.
    measure: the word that sentences and axes use for a similarity.
    """

    name: str
    kind: Literal["similarity", "count", "resolution"]
    low: float
    high: float
    default: float
    step: float
    instant: bool
    help: str = ""
    joins: bool = True
    measure: str = "similarity"

    @property
    def is_a_threshold(self) -> bool:
        """Whether the control says how similar two photos must be to be joined."""
        return self.kind == "similarity" and self.joins


class Tree(Protocol):
    """A fitted clustering that can be cut again and again."""

    control: Control

    def cut(self, value: float) -> np.ndarray:
        """(n,) int64 labels 0..n_groups-1, numbered by first appearance."""
        ...


class Clusterer(Protocol):
    """An algorithm with its settings."""

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes that `fit` needs at its peak beyond its input, as an upper estimate."""
        ...

    def fit(self, vectors: np.ndarray) -> Tree:
        """Returns the clustering of (n, d) float32 unit rows; n may be 0.

        The rows are in the order of image_id, because ties depend on the order. A clusterer that can take minutes
        also has the argument `progress`, which may stop it. One that needs the nearest photos of each photo has the
        argument `neighbours`, their lists (`kept_neighbours.Neighbours`), which others may have searched before. One
        with the attribute `takes_bindings` also has `together`, `apart` and `parts`, see `bindings.py` and `parts.py`.
        """
        ...


clusterers: Registry[Clusterer] = Registry("clusterer", __name__, first="hierarchical")
