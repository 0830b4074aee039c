"""Chooses what a report shows: the worst and the best groups, some photos of each, and the most confused models."""

from __future__ import annotations

import numpy as np

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.report.contents import Contents, Given, GroupShown, Matrix
from shopsim.scoring.confusion import contingency, merges, splits

MOST_GROUPS, MOST_PHOTOS = 6, 8
_MOST_MODELS, _MOST_COLUMNS = 12, 12
_FEWEST_ALIKE = 3


def contents_of(grouping: Grouping, given: Given, groups: np.ndarray | None = None) -> Contents:
    """Returns what the report of a grouping shows.

    groups: (n,) other numbers of the same groups, as those of a kept run; None for those of the cut.
    """
    numbers = _numbers(grouping.labels_pred, groups)
    if grouping.evaluation is None or not grouping.evaluation.n_images:
        worst, best = _by_similarity(grouping)
        return Contents(grouping, given, numbers, _shown(grouping, worst, numbers), _shown(grouping, best, numbers))
    table = contingency(grouping.fitted.catalog.labels_true, grouping.labels_pred)
    merged, split = merges(table), splits(table)
    worst = [merge.group for merge in merged[:MOST_GROUPS]]
    return Contents(
        grouping,
        given,
        numbers,
        _shown(grouping, worst, numbers),
        _shown(grouping, _whole_groups(table), numbers),
        _matrix(grouping, table, numbers),
        len(merged),
        len(split),
        sum(merge.wrong_pairs for merge in merged),
        sum(found.wrong_pairs for found in split),
    )


def _numbers(labels_pred: np.ndarray, groups: np.ndarray | None) -> np.ndarray:
    """(n_groups,) int64: the number of each group of the cut."""
    numbers = np.arange(int(labels_pred.max(initial=-1)) + 1)
    if groups is not None:
        numbers[labels_pred] = groups
    return numbers


def _by_similarity(grouping: Grouping) -> tuple[list[int], list[int]]:
    """Groups with the least similar photo first, and the largest groups of similar photos."""
    table = grouping.table
    several = table[table["size"] > 1].sort_values(["weakest_similarity", "group"])
    worst = several["group"].tolist()[:MOST_GROUPS]
    middle = several["weakest_similarity"].median()
    alike = table[(table["size"] >= _FEWEST_ALIKE) & (table["weakest_similarity"] >= middle)]
    best = [group for group in alike["group"].tolist() if group not in worst]
    return worst, best[:MOST_GROUPS]


def _whole_groups(table: np.ndarray) -> list[int]:
    """The largest groups that hold all labelled photos of one model, and of no other one."""
    of_model, of_group = table.sum(axis=1), table.sum(axis=0)
    entries = table.tocoo()
    whole = (entries.data == of_model[entries.row]) & (entries.data == of_group[entries.col]) & (entries.data > 1)
    groups, sizes = entries.col[whole], entries.data[whole]
    return groups[np.lexsort((groups, -sizes))][:MOST_GROUPS].tolist()


def _shown(grouping: Grouping, groups: list[int], numbers: np.ndarray) -> tuple[GroupShown, ...]:
    rows = grouping.table.set_index("group").loc[groups].reset_index().to_dict("records")
    return tuple(_group(grouping, row, numbers) for row in rows)


def _group(grouping: Grouping, row: dict, numbers: np.ndarray) -> GroupShown:
    catalog, central = grouping.fitted.catalog, grouping.representatives
    members = np.flatnonzero(grouping.labels_pred == row["group"])
    # The most central photo first, then from near to far.
    members = members[np.lexsort((members, -central.similarity[members], central.index[members] != members))]
    wrong = np.array([_is_wrong(catalog.images[member].model, row["model"]) for member in members], bool)
    # Half of the places are for photos of other models, if there are so many.
    others = members[wrong][-(MOST_PHOTOS // 2) :]
    own = _ends(members[~wrong], MOST_PHOTOS - len(others))
    chosen = [*own.tolist(), *others.tolist()]
    return GroupShown(
        int(numbers[row["group"]]),
        int(row["size"]),
        row["model"],
        row["model"] is not None and not wrong.any(),
        int(row["wrong_pairs"]),
        float(row["weakest_similarity"]),
        tuple(chosen),
        (False,) * len(own) + (True,) * len(others),
    )


def _ends(members: np.ndarray, most: int) -> np.ndarray:
    """The photos that fit best and those that fit least, if there are more than `most`; they come from near to far."""
    if len(members) <= most:
        return members
    n_last = most // 3
    return np.concatenate([members[: most - n_last], members[len(members) - n_last :]])


def _is_wrong(model: str | None, main: str | None) -> bool:
    return model is not None and model != main


def _matrix(grouping: Grouping, table: np.ndarray, numbers: np.ndarray) -> Matrix | None:
    """The models with the most wrong pairs and the groups that hold most of their photos; None if nothing is wrong."""
    wrong = np.zeros(table.shape[0], np.int64)
    for found in splits(table):
        wrong[found.model] += found.wrong_pairs
    for merge in merges(table):
        for model, count in zip(merge.models, merge.counts, strict=True):
            wrong[model] += count * (sum(merge.counts) - count)
    models = np.lexsort((np.arange(len(wrong)), -wrong))[:_MOST_MODELS]
    models = models[wrong[models] > 0]
    if not len(models):
        return None
    dense = table[models].toarray()
    groups = np.argsort(-dense.sum(axis=0), kind="stable")[:_MOST_COLUMNS]
    groups = groups[dense[:, groups].sum(axis=0) > 0]
    # Each group stands below the model that has most of it, so that right photos lie near the diagonal.
    groups = groups[np.argsort(dense[:, groups].argmax(axis=0), kind="stable")]
    catalog = grouping.fitted.catalog
    counts = dense[:, groups]
    return Matrix(
        tuple(catalog.model_name(catalog.models[model]) for model in models),
        tuple(numbers[groups].tolist()),
        counts,
        dense.sum(axis=1) - counts.sum(axis=1),
    )
