"""The tree of a linkage that did not know all neighbours."""

from __future__ import annotations

from dataclasses import dataclass

from shopsim.clusterers import Tree
from shopsim.clusterers.merge_tree import MergeTree


@dataclass(frozen=True, eq=False)
class ApproximateTree(MergeTree):
    """A merge tree on approximate neighbour lists. found: the share of neighbours that the search found, 0 to 1."""

    found: float = 0.0

    def __post_init__(self) -> None:
        super().__post_init__()
        if not 0 <= self.found <= 1:
            raise ValueError(f"found is {self.found}, which is no share.")


def share_found(tree: Tree) -> float | None:
    """Returns the share of neighbours that a tree was made from; None if it is exact, or no merge tree."""
    return tree.found if isinstance(tree, ApproximateTree) else None


def note_on(tree: Tree) -> str:
    """Says in one sentence what an approximate tree was made from; '' for any other."""
    found = share_found(tree)
    return "" if found is None else told(found)


def told(found: float) -> str:
    """Says in one sentence which share of neighbours an approximate tree was made from."""
    # Rounded down, so that a few missing ones do not read as none.
    return f"The tree is approximate: its search found {int(found * 1000 + 1e-6) / 1000:.1%} of the neighbours."
