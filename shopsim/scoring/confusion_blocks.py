"""Cuts the confusion of many models into pieces that can be read one at a time."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.sparse import csr_array

from shopsim.scoring.confusion import diagonal_order, merges, splits
from shopsim.scoring.strongest_links import Links, strongest_links

# Beyond the strongest of these a link joins nothing; one group of 3,000 models would have 4.5 million.
_MOST_LINKS = 50_000
_COLUMNS_OF_A_SPLIT = 4
MOST_GROUPS = 40
"""Groups that a part shows side by side and stays readable."""


@dataclass(frozen=True)
class Part:
    """Models that are mixed up with each other, with the groups they stand in.

    models, groups: in an order that puts the mass on the diagonal.
    wrong_pairs: of its models' splits, and of merges between two of its models.
    """

    models: tuple[int, ...]
    groups: tuple[int, ...]
    wrong_pairs: int


def confused_parts(table: csr_array, most_models: int = 14, most_groups: int = MOST_GROUPS) -> list[Part]:
    """Cuts the table into readable parts, the most wrong pairs first; models without wrong pairs are in no part.

    table: (n_models, n_groups) photos, as `contingency` makes it.
    Models that share the most wrongly joined pairs come together first, up to most_models per part. So a part stays
    readable even where a few groups connect all models.
    Small parts are put together while they fit. A model that is only split counts as few columns, however many groups
    it is in, since its first groups show the split. So a part may hold more than most_groups.
    """
    knots = _joined(strongest_links(table, _MOST_LINKS), table.shape[0], most_models)
    found = _parts(table, knots)
    return _packed(sorted(found, key=lambda part: (-part.wrong_pairs, part.models)), most_models, most_groups)


def _joined(links: Links, count: int, most: int) -> list[list[int]]:
    """Joins `count` members to sets of at most `most`, along the strongest links first."""
    members = {index: [index] for index in range(count)}
    home = list(range(count))
    for row, column in zip(links.rows.tolist(), links.columns.tolist(), strict=True):
        one, other = home[row], home[column]
        if one == other or len(members[one]) + len(members[other]) > most:
            continue
        for index in members[other]:
            home[index] = one
        members[one] += members.pop(other)
    return list(members.values())


def _parts(table: csr_array, knots: list[list[int]]) -> list[Part]:
    """Makes one part of each set of models that has wrong pairs."""
    split_cost = {split.model: split.wrong_pairs for split in splits(table)}
    found = []
    for models in knots:
        rows = table[models]
        groups = np.unique(rows.indices[rows.data > 0])
        inside = csr_array(rows[:, groups])
        wrong = sum(split_cost.get(model, 0) for model in models) + sum(merge.wrong_pairs for merge in merges(inside))
        if wrong:
            row_order, column_order = diagonal_order(inside)
            ordered = np.asarray(models)[row_order]
            found.append(Part(tuple(ordered.tolist()), tuple(groups[column_order].tolist()), wrong))
    return found


def _packed(parts: list[Part], most_models: int, most_groups: int) -> list[Part]:
    """Puts neighbours in the ranking together while they fit."""
    packed: list[Part] = []
    width = 0
    for part in parts:
        columns = min(len(part.groups), _COLUMNS_OF_A_SPLIT) if len(part.models) == 1 else len(part.groups)
        last = packed[-1] if packed else None
        if last and len(last.models) + len(part.models) <= most_models and width + columns <= most_groups:
            groups = tuple(dict.fromkeys([*last.groups, *part.groups]))
            packed[-1] = Part(last.models + part.models, groups, last.wrong_pairs + part.wrong_pairs)
            width += columns
        else:
            packed.append(part)
            width = columns
    return packed
