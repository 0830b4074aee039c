"""Adjusted mutual information, quick also for thousands of models and groups."""

from __future__ import annotations

import numpy as np

from shopsim.scoring.confusion import contingency

# Terms that are summed at once; each takes a few dozen bytes.
_TERMS = 1 << 20
_LEAST = float(np.finfo(np.float64).eps)


def adjusted_mutual_information(labels_true: np.ndarray, labels_pred: np.ndarray) -> float:
    """Returns the mutual information of two labellings, adjusted for chance: 1 for a perfect match, about 0 for chance.

    labels_true, labels_pred: (n,) int64 from 0 on. The same as scikit-learn's `adjusted_mutual_info_score`, which takes
    time for every model and group; the value that chance gives depends on their sizes only, so here each pair of
    distinct sizes is computed once. 1.0 for no photo.
    Source: Vinh, Epps and Bailey, Information theoretic measures for clusterings comparison, JMLR 11 (2010).
    """
    table = contingency(labels_true, labels_pred)
    by_model, by_group = np.asarray(table.sum(axis=1)).ravel(), np.asarray(table.sum(axis=0)).ravel()
    by_model, by_group = by_model[by_model > 0], by_group[by_group > 0]
    if len(by_model) == len(by_group) and len(by_model) <= 1:
        return 1.0
    if len(by_model) == 1 or len(by_group) == 1:
        return 0.0
    both = _entropy(by_model) + _entropy(by_group)
    by_chance = expected_mutual_information(by_model, by_group)
    return _at_least(both - _entropy(table.data) - by_chance) / _at_least(both / 2 - by_chance)


def expected_mutual_information(by_model: np.ndarray, by_group: np.ndarray) -> float:
    """Returns the mutual information that random labellings with these sizes have on average, in nats.

    by_model, by_group: (m,) and (g,) positive integers with the same sum n. Time: up to n terms per pair of distinct
    sizes, and n photos have at most sqrt(2 n) distinct ones.
    """
    n = int(by_model.sum())
    of_models, n_models = np.unique(by_model, return_counts=True)
    of_groups, n_groups = np.unique(by_group, return_counts=True)
    one, other = (side.ravel() for side in np.meshgrid(of_models, of_groups, indexing="ij"))
    weight = np.outer(n_models, n_groups).ravel().astype(np.float64)
    log_factorial = np.concatenate([[0.0], np.cumsum(np.log(np.arange(1, n + 1)))])
    fewest = np.maximum(1, one + other - n)
    n_terms = np.minimum(one, other) - fewest + 1
    ends = np.cumsum(n_terms)
    total, start = 0.0, 0
    while start < len(one):
        stop = max(start + 1, int(np.searchsorted(ends, ends[start] - n_terms[start] + _TERMS, side="right")))
        part = slice(start, stop)
        total += _sum_of(one[part], other[part], weight[part], fewest[part], n_terms[part], log_factorial)
        start = stop
    return total


def _sum_of(
    one: np.ndarray,
    other: np.ndarray,
    weight: np.ndarray,
    fewest: np.ndarray,
    n_terms: np.ndarray,
    log_factorial: np.ndarray,
) -> float:
    """Returns the weighted sum over pairs of sizes, and over each number of photos that both can share."""
    n = len(log_factorial) - 1
    which = np.repeat(np.arange(len(one)), n_terms)
    a, b = one[which], other[which]
    shared = fewest[which] + np.arange(len(which)) - np.repeat(np.cumsum(n_terms) - n_terms, n_terms)
    log_probability = (
        (log_factorial[a] + log_factorial[n - a])
        + (log_factorial[b] + log_factorial[n - b] - log_factorial[n])
        - (log_factorial[shared] + log_factorial[a - shared])
        - (log_factorial[b - shared] + log_factorial[n - a - b + shared])
    )
    information = shared / n * (np.log(n * shared.astype(np.float64)) - np.log(a.astype(np.float64) * b))
    return float((weight[which] * information * np.exp(log_probability)).sum())


def _entropy(sizes: np.ndarray) -> float:
    """Returns the entropy of sets of these sizes, in nats."""
    share = sizes / sizes.sum()
    return float(-(share * np.log(share)).sum())


def _at_least(value: float) -> float:
    """Keeps a value off 0, with its sign: rounding can make both parts of the ratio 0 for a perfect match."""
    return min(value, -_LEAST) if value < 0 else max(value, _LEAST)
