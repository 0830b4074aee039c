"""One cut against the true models: the table, and everything that pages read off it, each computed once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from shopsim.scoring.confusion import Merge, Split, contingency, diagonal_order, merges, splits
from shopsim.scoring.confusion_blocks import Part, confused_parts


@dataclass(frozen=True, eq=False)
class Confusion:
    """True models against groups. table: (n_models, n_groups) photos, as `contingency` makes it."""

    table: csr_array

    @classmethod
    def of(cls, labels_true: np.ndarray, labels_pred: np.ndarray) -> Confusion:
        """Counts true models and groups, given as `contingency` takes them."""
        return cls(contingency(labels_true, labels_pred))

    @cached_property
    def splits(self) -> list[Split]:
        """Models in more than one group, the most wrong pairs first."""
        return splits(self.table)

    @cached_property
    def merges(self) -> list[Merge]:
        """Groups of more than one model, the most wrong pairs first."""
        return merges(self.table)

    @cached_property
    def parts(self) -> list[Part]:
        """The table in readable pieces, the most wrong pairs first."""
        return confused_parts(self.table)

    @cached_property
    def order(self) -> tuple[np.ndarray, np.ndarray]:
        """The order of models and of groups that puts most photos on the diagonal."""
        return diagonal_order(self.table)
