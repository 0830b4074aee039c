"""The models that are mixed up most with each other, found without the product of all models with all others."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

# Rows multiplied at once: 256 x 2,000 models take 8 MB where all are mixed up with all.
_BLOCK = 256


@dataclass(frozen=True, eq=False)
class Links:
    """Pairs of models, rows < columns; weights: how many pairs of their photos share a group. All (n_links,) int64."""

    rows: np.ndarray
    columns: np.ndarray
    weights: np.ndarray


def strongest_links(table: csr_array, most: int) -> Links:
    """Returns the `most` links of the largest weights, the largest first; equals by row, then by column.

    table: (n_models, n_groups) photos, as `contingency` makes it. The same links as sorting the upper triangle of
    `table @ table.T` gives, but models are multiplied a block at a time, those that can have the largest weights first.
    It ends where no further model can have a link that is strong enough.
    """
    bound = _largest_possible_weights(table)
    order = np.argsort(-bound, kind="stable")[: np.count_nonzero(bound)]
    ranked = table[order]
    found = Links(*np.zeros((3, 0), dtype=np.int64))
    for start in range(0, len(order), _BLOCK):
        weakest = int(found.weights.min()) if len(found.weights) == most else 1
        if bound[order[start]] < weakest:
            break
        product = (ranked[start : start + _BLOCK] @ ranked[start:].T).tocoo()
        one, other = product.coords
        new = (other > one) & (product.data >= weakest)
        one, other = order[start + one[new]], order[start + other[new]]
        parts = (np.minimum(one, other), np.maximum(one, other), product.data[new])
        joined = (found.rows, found.columns, found.weights)
        found = _best(Links(*map(np.concatenate, zip(joined, parts, strict=True))), most, table.shape[0])
    last = np.lexsort((found.columns, found.rows, -found.weights))
    return Links(found.rows[last], found.columns[last], found.weights[last])


def _largest_possible_weights(table: csr_array) -> np.ndarray:
    """(n_models,) int64: no link of the model can be stronger; 0 for a model that shares no group.

    In each group a model meets at most as many photos as the largest other model has there.
    """
    entries = table.tocoo()
    models, groups = entries.coords
    order = np.lexsort((entries.data, groups))
    models, groups, counts = models[order], groups[order], entries.data[order]
    is_last = np.append(groups[1:] != groups[:-1], True)[: len(groups)]
    largest, second = np.zeros((2, table.shape[1]), dtype=np.int64)
    largest[groups[is_last]] = counts[is_last]
    before = np.flatnonzero(is_last)[np.diff(np.flatnonzero(is_last), prepend=-1) > 1] - 1
    second[groups[before]] = counts[before]
    met = np.where(is_last, second[groups], largest[groups])
    # As floats, in which `bincount` adds: whole numbers up to 2 ** 53 are exact.
    return np.bincount(models, counts * met, minlength=table.shape[0]).astype(np.int64)


def _best(links: Links, most: int, n_models: int) -> Links:
    """The `most` first links in the order of `strongest_links`, in any order."""
    if len(links.weights) <= most:
        return links
    last = np.partition(links.weights, -most)[-most]
    kept, equal = links.weights > last, np.flatnonzero(links.weights == last)
    places = links.rows[equal] * n_models + links.columns[equal]
    kept[equal[np.argpartition(places, most - kept.sum() - 1)[: most - kept.sum()]]] = True
    return Links(links.rows[kept], links.columns[kept], links.weights[kept])
