"""Chooses a few groups that show at a glance how good a grouping is: some that are right, and one that is wrong."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import islice
from typing import Literal

import numpy as np

from shopsim.grouping.grouping import Grouping

Verdict = Literal["right", "mixed", "divided", "tight", "loose"]
N_RIGHT = 3
_LEAST_PHOTOS = 3
_MOST_MEASURED = 3000
# A group is right only if it has more than this share of the photos of its model.
_MOST_OF_MODEL = 0.5
# Of the groups without labels, the largest among this share of the tightest are examples: the very tightest are copies.
_TIGHT_SHARE = 0.5


@dataclass(frozen=True)
class Example:
    """One group as an example.

    verdict: right (of one model), mixed (several models in one group), divided (one model in several groups);
    without true models tight or loose. parts: rows of photos, the most central first: of the group, for mixed of each
    of its two largest models, for divided of each of the model's two largest groups.
    models, counts: the models of a labelled example, as positions in the catalogue's models, and photos of each part.
    others: how many models or groups there are beyond the parts. similarity: the mean to the most central photo.
    is_whole: whether a right group has all photos of its model.
    """

    verdict: Verdict
    group: int
    parts: tuple[tuple[int, ...], ...]
    models: tuple[int, ...] = ()
    counts: tuple[int, ...] = ()
    others: int = 0
    similarity: float = 1.0
    is_whole: bool = False


def examples(grouping: Grouping) -> list[Example]:
    """Returns up to N_RIGHT right groups, then the one with the most wrong pairs, if any is wrong.

    Without true models: tight groups that are not chained, then the loosest one.
    """
    if grouping.evaluation is None:
        return _without_labels(grouping)
    wrong = _wrong(grouping)
    divided = {model for each in wrong if each.verdict == "divided" for model in each.models}
    return [*_right(grouping, divided), *wrong]


def _right(grouping: Grouping, divided: set[int]) -> list[Example]:
    """Returns groups of one model: first those that have all of its photos, then the others; the largest first.

    A part of at most half a model is not right, since the model is divided. divided: models that are shown as wrong.
    """
    by_model = grouping.confusion.table
    table, of_model = by_model.tocsc(), np.asarray(by_model.sum(axis=1)).ravel()
    sizes = np.bincount(grouping.labels_pred)
    least = min(_LEAST_PHOTOS, int(sizes.max()))
    pure = np.flatnonzero((np.diff(table.indptr) == 1) & (sizes >= least))
    models, counts = table.indices[table.indptr[pure]], table.data[table.indptr[pure]]
    most_of_it = (counts > _MOST_OF_MODEL * of_model[models]) & ~np.isin(models, list(divided))
    pure, models, counts = pure[most_of_it], models[most_of_it], counts[most_of_it]
    whole = (counts == of_model[models]) & (counts == sizes[pure])
    order = np.lexsort((-sizes[pure], ~whole))[:N_RIGHT]
    return [
        Example(
            "right",
            int(pure[place]),
            (_central(grouping, np.flatnonzero(grouping.labels_pred == pure[place])),),
            (int(models[place]),),
            (int(counts[place]),),
            is_whole=bool(whole[place]),
        )
        for place in order.tolist()
    ]


def _wrong(grouping: Grouping) -> list[Example]:
    """Returns the group, or the model in several groups, with the most wrong pairs."""
    confusion, labels_true = grouping.confusion, grouping.fitted.catalog.labels_true
    merge = next(iter(confusion.merges), None)
    split = next(iter(confusion.splits), None)
    if merge is not None and (split is None or merge.wrong_pairs >= split.wrong_pairs):
        inside = grouping.labels_pred == merge.group
        parts = tuple(_central(grouping, np.flatnonzero(inside & (labels_true == each))) for each in merge.models[:2])
        return [Example("mixed", merge.group, parts, merge.models[:2], merge.counts[:2], len(merge.models) - 2)]
    if split is not None:
        mine = labels_true == split.model
        groups = split.groups[:2]
        parts = tuple(_central(grouping, np.flatnonzero(mine & (grouping.labels_pred == each))) for each in groups)
        return [Example("divided", groups[0], parts, (split.model,), split.counts[:2], len(split.groups) - 2)]
    return []


def _without_labels(grouping: Grouping) -> list[Example]:
    sizes = np.bincount(grouping.labels_pred)
    # Each group's most central photo counts with its similarity of 1 to itself; leave it out.
    sums = np.bincount(grouping.labels_pred, grouping.representatives.similarity) - 1
    large = np.flatnonzero(sizes >= _LEAST_PHOTOS)
    if not len(large):
        return []
    likeness = sums[large] / (sizes[large] - 1)
    order = np.argsort(-likeness, kind="stable")
    tight = order[: max(1, round(len(order) * _TIGHT_SHARE))]
    by_size = tight[np.argsort(-sizes[large[tight]], kind="stable")].tolist()
    shown = list(islice((place for place in by_size if _is_in_one_piece(grouping, int(large[place]))), N_RIGHT))
    loosest = int(order[-1])
    found = [("tight", place) for place in shown if place != loosest]
    found += [("loose", loosest)] if len(large) > 1 else []
    return [_unlabelled(grouping, verdict, int(large[place]), float(likeness[place])) for verdict, place in found]


def _is_in_one_piece(grouping: Grouping, group: int) -> bool:
    """Returns whether a group is not chained; False for one that is too large to be measured at once."""
    return (grouping.labels_pred == group).sum() <= _MOST_MEASURED and not grouping.is_chained(group)


def _unlabelled(grouping: Grouping, verdict: Verdict, group: int, similarity: float) -> Example:
    rows = np.flatnonzero(grouping.labels_pred == group)
    return Example(verdict, group, (_central(grouping, rows),), counts=(len(rows),), similarity=similarity)


def _central(grouping: Grouping, rows: np.ndarray) -> tuple[int, ...]:
    """Returns rows in order of their similarity to the group's most central photo."""
    return tuple(rows[np.argsort(-grouping.representatives.similarity[rows], kind="stable")].tolist())
