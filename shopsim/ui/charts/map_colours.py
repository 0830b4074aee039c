"""Chooses the colours of the map: a kind for each photo, and the legend that explains the kinds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.grouping.group_table import TIE_DECIMALS, Representatives
from shopsim.scoring.confusion import contingency
from shopsim.ui.charts.style import BLUE, GREEN, GREY, ORANGE, VERMILION

# Positions in PALETTE. REST is the background.
REST, RIGHT, SPLIT, WRONG, EXTRA, FOUND = 0, 1, 2, 3, 4, 7
# Okabe and Ito, Color Universal Design (2008), without yellow and black, which vanish on one of the themes.
_KINDS = (GREY, BLUE, ORANGE, VERMILION, "#56B4E9", GREEN, "#CC79A7", GREEN)
# The middle of viridis (van der Walt and Smith 2015): its ends vanish on one of the themes.
_SHADES = ("#3B528B", "#2C728E", "#21918C", "#28AE80", "#5EC962")
PALETTE = (*_KINDS, *_SHADES)
RAMP = tuple(range(len(_KINDS), len(PALETTE)))
"""Positions in PALETTE of colours for numbers, from low to high."""
_CATEGORY_KINDS = (1, 2, 5, 6, 4)
_WEAKEST, _WEAKER = 0.05, 0.2


@dataclass(frozen=True, eq=False)
class Colouring:
    """Gives each photo a colour. kinds: (n,) int8 positions in PALETTE; legend: (kind, meaning), in reading order."""

    kinds: np.ndarray
    legend: tuple[tuple[int, str], ...]
    note: str = ""


def only_found(colouring: Colouring, found: np.ndarray) -> Colouring:
    """Moves all photos to the background except the (n,) bool found ones, none of which is in the background."""
    kinds = np.where(found, np.where(colouring.kinds == REST, FOUND, colouring.kinds), REST).astype(np.int8)
    legend = [(kind, text) for kind, text in colouring.legend if kind != REST]
    return Colouring(kinds, (*legend, (FOUND, "found too"), (REST, "everything else")), colouring.note)


@dataclass(frozen=True, eq=False)
class Homes:
    """Keeps the model that each group shows, and the main group of each model.

    model_of: (n_groups,) int64 model with most of the group's labelled photos (equals: the lowest), -1 without any.
    group_of: (n_models,) int64 the largest group that shows the model, else the one with most of its photos.
    """

    model_of: np.ndarray
    group_of: np.ndarray


def find_homes(labels_true: np.ndarray, labels_pred: np.ndarray) -> Homes:
    """Finds the homes from (n,) models from 0, or UNLABELLED, and (n,) groups from 0."""
    n_groups = int(labels_pred.max(initial=-1)) + 1
    table = contingency(labels_true, labels_pred)
    if table.shape[0] == 0:
        return Homes(np.full(n_groups, -1), np.zeros(0, dtype=np.int64))
    model_of = np.where(table.sum(axis=0) > 0, np.asarray(table.argmax(axis=0)).ravel(), -1)
    entries = table.tocoo()
    models, groups = entries.coords
    shows = model_of[groups] == models
    order = np.lexsort((groups, -entries.data, ~shows, models))
    present, first = np.unique(models[order], return_index=True)
    group_of = np.full(table.shape[0], -1)
    group_of[present] = groups[order][first]
    return Homes(model_of, group_of)


def verdicts(labels_true: np.ndarray, labels_pred: np.ndarray, homes: Homes) -> np.ndarray:
    """Returns the (n,) int8 verdict on each photo.

    REST: its model is not known; WRONG: its group shows another model; SPLIT: its group shows its model, but a larger
    group does too; RIGHT: all others.
    """
    kinds = np.full(len(labels_true), REST, dtype=np.int8)
    known = labels_true != UNLABELLED
    model, group = labels_true[known], labels_pred[known]
    at_home = np.where(homes.group_of[model] == group, RIGHT, SPLIT)
    kinds[known] = np.where(homes.model_of[group] == model, at_home, WRONG)
    return kinds


def by_verdict(kinds: np.ndarray) -> Colouring:
    """Colours photos by right, split off and wrong."""
    return Colouring(
        kinds,
        (
            (WRONG, "wrong: its group shows another model"),
            (SPLIT, "split off: right in its group, but a larger group shows the same model"),
            (RIGHT, "right"),
            (REST, "model not known"),
        ),
        "A group shows the model that most of its photos have. A photo is right if that is its own model.",
    )


def by_group(labels_true: np.ndarray | None, labels_pred: np.ndarray, group: int, homes: Homes | None) -> Colouring:
    """Colours one group against grey; with labels, also the wrong photos in it and the photos that it lacks."""
    inside = labels_pred == group
    kinds = np.where(inside, RIGHT, REST).astype(np.int8)
    if labels_true is None or homes is None or homes.model_of[group] < 0:
        return Colouring(kinds, ((RIGHT, f"in group {group}"), (REST, "in other groups")))
    shown = labels_true == homes.model_of[group]
    kinds[inside & ~shown] = WRONG
    kinds[inside & (labels_true == UNLABELLED)] = EXTRA
    kinds[~inside & shown] = SPLIT
    return Colouring(
        kinds,
        (
            (RIGHT, f"in group {group}, of the model it shows"),
            (WRONG, f"in group {group}, of another model"),
            (EXTRA, f"in group {group}, model not known"),
            (SPLIT, "of that model, but in another group"),
            (REST, "everything else"),
        ),
    )


def by_model(labels_true: np.ndarray, labels_pred: np.ndarray, model: int, homes: Homes) -> Colouring:
    """Colours one model against grey: its photos, and the photos of other models in its main group."""
    home = int(homes.group_of[model])
    shown, inside = labels_true == model, labels_pred == home
    kinds = np.where(shown, np.where(inside, RIGHT, SPLIT), REST).astype(np.int8)
    kinds[inside & ~shown] = WRONG
    kinds[inside & (labels_true == UNLABELLED)] = EXTRA
    return Colouring(
        kinds,
        (
            (RIGHT, f"of this model, in its main group {home}"),
            (SPLIT, "of this model, in other groups"),
            (WRONG, f"in group {home}, of another model"),
            (EXTRA, f"in group {home}, model not known"),
            (REST, "everything else"),
        ),
    )


def by_category(categories: list[str | None]) -> Colouring:
    """Colours the largest categories; all others share one colour."""
    names, numbers, counts = np.unique([name or "" for name in categories], return_inverse=True, return_counts=True)
    order = [number for number in np.argsort(-counts, kind="stable") if names[number]][: len(_CATEGORY_KINDS)]
    kind_of = np.full(len(names), REST, dtype=np.int8)
    kind_of[order] = _CATEGORY_KINDS[: len(order)]
    legend = tuple((int(kind_of[number]), str(names[number])) for number in order)
    return Colouring(kind_of[numbers], (*legend, (REST, "other, or none")))


def by_likeness(labels_pred: np.ndarray, central: Representatives) -> Colouring:
    """Colours photos by similarity to the most central photo of their group; those alone in a group stay grey."""
    alone = np.bincount(labels_pred)[labels_pred] == 1
    kinds = np.full(len(labels_pred), REST, dtype=np.int8)
    if alone.all():
        return Colouring(kinds, ((REST, "alone in its group"),))
    # Equal photos must not differ by rounding.
    similarity = np.round(central.similarity, TIE_DECIMALS)
    weakest, weaker = np.quantile(similarity[~alone], [_WEAKEST, _WEAKER])
    kinds[~alone] = np.where(similarity < weakest, WRONG, np.where(similarity < weaker, SPLIT, RIGHT))[~alone]
    return Colouring(
        kinds,
        (
            (WRONG, f"least like its group: below {weakest:.0%} similar to the group's most central photo"),
            (SPLIT, f"less like its group: below {weaker:.0%}"),
            (RIGHT, "like its group"),
            (REST, "alone in its group"),
        ),
        "Without true models, check the photos that fit their group least first.",
    )
