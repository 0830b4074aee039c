"""Assigns each model a group of its own so that most photos are counted."""

from __future__ import annotations

import numpy as np
from scipy.sparse import coo_array, csr_array

MOST_CELLS = 4_000_000
"""A larger table is never held as a full matrix: 5,000 models x 16,000 groups would take 640 MB."""


def best_assignment(table: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns rows, columns and counts of the pairs, (k,) int64 each; the sum of the counts is the largest possible.

    table: (n_models, n_groups) counts. No row and no column is in two pairs. Pairs without photos are not returned.
    Source: Kuhn, The Hungarian method for the assignment problem (1955), by scipy.optimize; of a table with more than
    MOST_CELLS cells Jonker and Volgenant, A shortest augmenting path algorithm (1987), by scipy.sparse.
    """
    if table.shape[0] * table.shape[1] > MOST_CELLS:
        return _by_entries(table)
    from scipy.optimize import linear_sum_assignment

    dense = table.toarray()
    rows, columns = linear_sum_assignment(dense.astype(np.float64), maximize=True)
    counts = dense[rows, columns]
    kept = counts > 0
    return rows[kept], columns[kept], counts[kept]


def _by_entries(table: csr_array) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns the same from the entries alone."""
    from scipy.sparse.csgraph import min_weight_full_bipartite_matching

    n_models, n_groups = table.shape
    if not n_models:
        return (np.zeros(0, np.int64),) * 3
    entries = table.tocoo()
    # Each model also has a column of its own, for none of the groups, so that every model finds a partner. One is added
    # to all weights, since a weight of 0 would be no entry.
    rows = np.concatenate([entries.row, np.arange(n_models)])
    columns = np.concatenate([entries.col, n_groups + np.arange(n_models)])
    weights = np.concatenate([entries.data + 1.0, np.ones(n_models)])
    widened = coo_array((weights, (rows, columns)), shape=(n_models, n_groups + n_models)).tocsr()
    rows, columns = min_weight_full_bipartite_matching(widened, maximize=True)
    counts = widened[rows, columns].astype(np.int64) - 1
    kept = columns < n_groups
    return rows[kept].astype(np.int64), columns[kept].astype(np.int64), counts[kept]
