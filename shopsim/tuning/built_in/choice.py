"""Chooses the cut that a catalogue without labels opens with."""

from __future__ import annotations

import numpy as np

from shopsim.tuning.built_in.statistics import NAMES, scaled_to, telling_cuts
from shopsim.tuning.built_in.views import MOST_PHOTOS

# A forest learns from a few kinds of photos. These numbers need no learning, so they also hold for other kinds. As
# columns of the forest they bring less: it then no longer differs from them.
_UNLEARNED = [NAMES.index(name) for name in ("margin_scaled", "second_scaled")]
_UNDECIDED = 0.5


def opening_cut(expected_ari: np.ndarray, statistics: np.ndarray, n_groups: np.ndarray, n_images: int) -> int:
    """Returns the place of the cut whose expected ARI is high, and whose groups stand apart and are found again.

    expected_ari, n_groups: (m,) numbers of each cut. statistics: (m, n_names) of the same cuts.
    Both sides count the same, each on a scale from 0 to 1 over the cuts that show something. Of other cuts, such as all
    photos alone, only the expected ARI says anything. Of more than MOST_PHOTOS photos the expected ARI decides alone: a
    sample misses the next group of many photos, so their margin is too large.
    """
    if n_images > MOST_PHOTOS:
        return int(np.argmax(expected_ari))
    telling = telling_cuts(n_groups, n_images)
    unlearned = np.where(telling, statistics[:, _UNLEARNED].mean(axis=1), _UNDECIDED)
    return int(np.argmax(scaled_to(expected_ari, telling) + unlearned))
