"""The matches as rows of a table, for pages, for CSV and for JSON."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shopsim.base.text.spreadsheet import Cell, Digits, csv_bytes
from shopsim.grouping.group_table import similarity_to_representative
from shopsim.grouping.groups_csv import groups_csv
from shopsim.grouping.matching.matched import Matched, Together

JOINED, NEW_MODEL, COPY = "joins the group", "new model", "a copy"
COLUMNS = (
    "image_id", "decision", "group", "closest", "likeness", "runner_up", "runner_up_likeness", "margin",
    "over_threshold", "probability", "nearest", "nearest_similarity", "copy_of",
)  # fmt: skip


@dataclass(frozen=True)
class MatchRow:
    """What was decided on one photo.

    decision: JOINED, NEW_MODEL or COPY. group: that it belongs to; of a new model a group of new photos, numbered after
    the others. likeness: of the most alike group, which is closest where the photo joined none. over_threshold: by how
    much that is above the threshold, negative of a new model. nearest: image_ids of the most similar photos.
    None where there is no such value.
    """

    image_id: str
    decision: str
    group: int
    closest: int
    likeness: float
    runner_up: int | None
    runner_up_likeness: float | None
    margin: float | None
    over_threshold: float | None
    probability: float | None
    nearest: tuple[str, ...]
    nearest_similarity: tuple[float, ...]
    copy_of: str | None


def match_rows(matched: Matched) -> list[MatchRow]:
    """Returns one row per new photo, in the order of its catalogue."""
    return [_row(matched, row) for row in range(len(matched.catalog.images))]


def matches_csv(matched: Matched, raw: bool = False) -> bytes:
    """Returns the rows as CSV with COLUMNS; raw: as for `csv_bytes`."""
    return csv_bytes(COLUMNS, map(_cells, match_rows(matched)), raw)


def _row(matched: Matched, row: int) -> MatchRow:
    matches, like, images = matched.matches, matched.matches.like, matched.together.images
    copy = int(matched.copy_of[row])
    decision = COPY if copy >= 0 else NEW_MODEL if matches.is_new[row] else JOINED
    over = float(like.of_best[row]) - matches.decision.threshold
    second = int(like.second[row])
    return MatchRow(
        matched.catalog.image_ids[row],
        decision,
        int(matches.group[row]),
        int(like.best[row]),
        float(like.of_best[row]),
        None if second < 0 else second,
        _finite(float(like.of_second[row])),
        _finite(float(matches.margin[row])),
        _finite(over),
        None if matches.probability is None else float(matches.probability[row]),
        tuple(images[place].image_id for place in like.nearest[row]),
        tuple(map(float, like.similarity[row])),
        None if copy < 0 else images[copy].image_id,
    )


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None


def _cells(row: MatchRow) -> tuple[Cell, ...]:
    return (
        row.image_id,
        row.decision,
        row.group,
        row.closest,
        _digits(row.likeness),
        row.runner_up,
        _digits(row.runner_up_likeness),
        _digits(row.margin),
        _digits(row.over_threshold),
        _digits(row.probability),
        row.nearest[0] if row.nearest else None,
        _digits(row.nearest_similarity[0] if row.nearest else None),
        row.copy_of,
    )


def _digits(value: float | None) -> Digits | None:
    return None if value is None else Digits(f"{value:.6f}")


def together_csv(together: Together, raw: bool = False) -> bytes:
    """Returns all photos with their groups, as `groups_csv` writes them; those that were added or are new included."""
    members, images = together.members, together.images
    # Numbers of groups may have gaps; the places of the groups have none.
    central = similarity_to_representative(np.searchsorted(members.groups, members.labels_pred), members.vectors)
    return groups_csv(
        [image.image_id for image in images],
        [image.model for image in images],
        [image.product for image in images],
        members.labels_pred,
        central.similarity,
        [images[row].image_id for row in central.index],
        raw=raw,
    )
