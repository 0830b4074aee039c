"""True models against groups: the table, what was split or merged, an order that shows it, and the table as CSV."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.labels import UNLABELLED
from shopsim.base.text.spreadsheet import csv_bytes
from shopsim.scoring.assignment import MOST_CELLS, best_assignment


@dataclass(frozen=True)
class Split:
    """One model that stands in several groups.

    groups, counts: its groups and how many of its photos are in each, most first.
    wrong_pairs: pairs of its photos that are in different groups.
    """

    model: int
    groups: tuple[int, ...]
    counts: tuple[int, ...]
    wrong_pairs: int


@dataclass(frozen=True)
class Merge:
    """One group that holds several models.

    models, counts: its models and how many photos of each it holds, most first.
    wrong_pairs: pairs of its photos that show different models.
    """

    group: int
    models: tuple[int, ...]
    counts: tuple[int, ...]
    wrong_pairs: int


def contingency(labels_true: np.ndarray, labels_pred: np.ndarray) -> csr_array:
    """Counts the photos of each model in each group: (n_models, n_groups) int64, without UNLABELLED photos.

    labels_true: (n,) model indices from 0, or UNLABELLED; labels_pred: (n,) group indices from 0.
    Row i is model i and column j group j, empty ones included. Raises ValueError if the lengths differ.
    """
    labels_true, labels_pred = np.asarray(labels_true, dtype=np.int64), np.asarray(labels_pred, dtype=np.int64)
    if labels_true.shape != labels_pred.shape:
        raise ValueError(f"{len(labels_true)} true labels do not match {len(labels_pred)} predicted ones.")
    shape = (int(labels_true.max(initial=-1)) + 1, int(labels_pred.max(initial=-1)) + 1)
    scored = labels_true != UNLABELLED
    ones = np.ones(np.count_nonzero(scored), dtype=np.int64)
    table = csr_array((ones, (labels_true[scored], labels_pred[scored])), shape=shape)
    table.sum_duplicates()
    return table


def splits(table: csr_array) -> list[Split]:
    """Finds models in more than one group, the most wrong pairs first."""
    found = [Split(*row) for row in _divided_rows(table)]
    return sorted(found, key=lambda split: (-split.wrong_pairs, split.model))


def merges(table: csr_array) -> list[Merge]:
    """Finds groups of more than one model, the most wrong pairs first."""
    found = [Merge(*row) for row in _divided_rows(table.T.tocsr())]
    return sorted(found, key=lambda merge: (-merge.wrong_pairs, merge.group))


def diagonal_order(table: csr_array) -> tuple[np.ndarray, np.ndarray]:
    """Orders models and groups so that the table reads as a confusion matrix, most photos on the diagonal.

    Each model gets the group of its own that puts the most photos on the diagonal, the biggest such pair first.
    A model or group that is left over follows the pair it shares most photos with; empty ones come last.
    Returns row_order (n_models,) and column_order (n_groups,) int64.
    """
    n_models, n_groups = table.shape
    rows, columns, mass = best_assignment(table)
    order = np.lexsort((rows, -mass))
    row_place, column_place = np.full(n_models, np.inf), np.full(n_groups, np.inf)
    row_place[rows[order]] = column_place[columns[order]] = np.arange(len(order))
    if n_models and n_groups:
        heaviest, has_photos = np.asarray(table.argmax(axis=1)).ravel(), table.sum(axis=1) > 0
        row_place = _follow(row_place, column_place[heaviest], has_photos)
        heaviest, has_photos = np.asarray(table.argmax(axis=0)).ravel(), table.sum(axis=0) > 0
        column_place = _follow(column_place, row_place[heaviest], has_photos)
    return np.argsort(row_place, kind="stable"), np.argsort(column_place, kind="stable")


def contingency_csv(table: csr_array, ids: Sequence[str], names: Sequence[str]) -> bytes:
    """Writes one row per model and one column per group, in the order of the matrix on the page, in UTF-8.

    table: (n_models, n_groups) photos; ids, names: of the models.
    Columns: model, name, photos (its total), then `group N` for each group that holds a photo of a known model. A table
    of more than MOST_CELLS cells is a list instead: model, name, photos, group and photos_in_group, one row per model
    and group that share a photo.
    """
    rows, columns = diagonal_order(table)
    totals = table.sum(axis=1)
    rows = rows[totals[rows] > 0]
    if table.shape[0] * table.shape[1] > MOST_CELLS:
        header = ["model", "name", "photos", "group", "photos_in_group"]
        place = np.argsort(columns)
        lines = (
            [ids[row], names[row], int(totals[row]), group, count]
            for row in rows.tolist()
            for group, count in _entries(table, row, place)
        )
        return csv_bytes(header, lines)
    columns = columns[table.sum(axis=0)[columns] > 0]
    header = ["model", "name", "photos", *(f"group {column}" for column in columns.tolist())]
    full = (
        [ids[row], names[row], int(totals[row]), *table[[row]].toarray()[0, columns].tolist()] for row in rows.tolist()
    )
    return csv_bytes(header, full)


def _entries(table: csr_array, row: int, place: np.ndarray) -> list[tuple[int, int]]:
    """Returns the groups of one model and its photos in each, in the order of the groups' places."""
    inside = slice(table.indptr[row], table.indptr[row + 1])
    order = np.argsort(place[table.indices[inside]])
    return list(zip(table.indices[inside][order].tolist(), table.data[inside][order].tolist(), strict=True))


def _follow(place: np.ndarray, of_heaviest: np.ndarray, has_photos: np.ndarray) -> np.ndarray:
    """Returns the places; a row without one comes right after the partner with which it shares most photos."""
    left_over = np.isinf(place) & has_photos
    return np.where(left_over, of_heaviest + 0.5, place)


def _divided_pairs(table: csr_array) -> np.ndarray:
    """(n_rows,) int64 pairs of a row's photos that stand in different columns."""
    total = table.sum(axis=1)
    return (total**2 - (table**2).sum(axis=1)) // 2


def _divided_rows(table: csr_array) -> Iterator[tuple[int, tuple[int, ...], tuple[int, ...], int]]:
    """Rows with photos in several columns: row, columns and counts (most first), wrong pairs."""
    wrong = _divided_pairs(table)
    for row in np.flatnonzero(wrong).tolist():
        inside = slice(table.indptr[row], table.indptr[row + 1])
        columns, counts = table.indices[inside], table.data[inside]
        order = np.lexsort((columns, -counts))
        yield row, tuple(columns[order].tolist()), tuple(counts[order].tolist()), int(wrong[row])
