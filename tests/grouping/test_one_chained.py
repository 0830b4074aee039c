"""Whether one group is chained: the same as for all groups together."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.grouping.chains import extent_of, extents


@pytest.mark.parametrize("seed", range(3))
def test_one_group_is_measured_as_all_are(seed):
    rows = clustered_rows(40, seed=seed)
    labels = np.arange(40) % 4
    every = extents(labels, rows)
    for group in range(4):
        one = extent_of(np.flatnonzero(labels == group), rows)
        assert (one.weakest_link[0], one.diameter[0]) == pytest.approx(
            (every.weakest_link[group], every.diameter[group])
        )
        assert one.typical == every.typical
