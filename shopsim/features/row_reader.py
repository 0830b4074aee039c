"""Reads stored rows by number, only when they are needed."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.features.row_shard import let_go, row_sums


class RowsLost(ShopsimError):
    """Stored rows are gone or damaged; they can be computed again."""


class RowReader:
    """Reads rows from disk by number and keeps none in memory; rows stay readable when shards are merged meanwhile.

    places: (n,) the place of each photo's row, counted over all shards. sums: the checksums of all these rows; None
        where they need no check. lets_go: lets the system take back what was read, shard by shard.
    """

    def __init__(
        self, shards: Sequence[np.ndarray], places: np.ndarray, sums: np.ndarray | None = None, lets_go: bool = False
    ) -> None:
        self._lets_go = lets_go
        self._shards = shards
        self._starts = np.cumsum([0] + [len(rows) for rows in shards])
        self._places = places
        self._sums = sums

    def __len__(self) -> int:
        return len(self._places)

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray:
        """(b,) numbers of photos -> (b, n_features) rows. Raises RowsLost for a row that was damaged meanwhile."""
        places = self._places[numbers]
        holder = np.searchsorted(self._starts, places, side="right") - 1
        rows = np.empty((len(places), self._shards[0].shape[1]), self._shards[0].dtype)
        for number in np.unique(holder):
            here = holder == number
            rows[here] = self._shards[number][places[here] - self._starts[number]]
            if self._lets_go:
                # The system maps whole surroundings of a row: rows from all over a shard bring all of it into memory.
                let_go(self._shards[number])
        if self._sums is not None and (row_sums(rows, len(rows)) != self._sums[places]).any():
            raise RowsLost("A file of the cache was damaged while it was read; start again.")
        return rows
