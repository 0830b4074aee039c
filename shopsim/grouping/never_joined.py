"""Names the parts of a catalogue that a tree never joins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from shopsim.grouping.grouping import Fitted


@dataclass(frozen=True, eq=False)
class NeverJoined:
    """The rule that photos of different parts never join.

    column: the column of the catalogue that differs between parts. parts: (n,) int64 from 0, one per photo. free: the
    same photos with the tree that has no such rule.
    """

    column: str
    parts: np.ndarray
    free: Fitted
