"""The matches, and what grouping from scratch would change, as lines and as fields."""

from __future__ import annotations

import argparse
from typing import Any

from shopsim.cli.grouping_result import GroupingResult
from shopsim.grouping.matching.matched import Matched
from shopsim.grouping.matching.matches_csv import COPY, NEW_MODEL, MatchRow, match_rows
from shopsim.grouping.matching.regroup import Regrouped
from shopsim.grouping.runs.corrections_since import used_now

_MOST_LINES = 100
_NONE = "–"


def groups_used_lines(args: argparse.Namespace, made: GroupingResult) -> list[str]:
    """Says which groups the new photos are matched with, where corrections or a rule make a difference."""
    lines = []
    if made.applied is not None:
        lines.append("New photos are matched with the groups with corrections.")
    elif args.corrections is None and (n_now := used_now(made.grouping.fitted).n):
        lines.append(
            f"New photos are matched with the groups without corrections; kept are {n_now:,}, which --corrections uses."
        )
    if args.never_join is not None:
        lines.append(
            f"New photos have no value of '{args.never_join.strip().lower()}', so they may join a group of any value."
        )
    return lines


def match_lines(matched: Matched, fields: dict[str, Any]) -> list[str]:
    """Returns how the photos were matched, and a table of the first ones."""
    rows = match_rows(matched)
    lines = [
        f"New photos: {fields['n_new_photos']:,}. Joined a group: {fields['n_joined']:,}. Of new models: "
        f"{fields['n_new_model_photos']:,}, which make groups of their own: {fields['n_new_models']:,}. Byte-equal "
        f"with a known photo: {fields['n_byte_equal']:,}.",
        _threshold_line(fields),
    ]
    if fields["n_added_before"]:
        lines.append(f"Photos added to these groups before: {fields['n_added_before']:,}; they are compared too.")
    if rows:
        lines += _table(rows[:_MOST_LINES])
    if len(rows) > _MOST_LINES:
        lines.append(f"The first {_MOST_LINES:,} of {len(rows):,} photos; --out DIR and --json have all of them.")
    if fields["n_added"] is not None:
        lines.append(
            f"Photos added to the groups for good: {fields['n_added']:,}; the catalogue's folder is as it was."
        )
    return lines


def _threshold_line(fields: dict[str, Any]) -> str:
    if fields["join_from"] is None:
        return f"No photo is called a new model; chosen on {fields['join_from_chosen_on']}."
    return (
        f"A photo joins its most alike group from {fields['join_from']:.1%} on (rule: {fields['join_by']}). Chosen on "
        f"{fields['join_from_chosen_on']}."
    )


def _table(rows: list[MatchRow]) -> list[str]:
    header = ("photo", "decision", "group", "alike", "runner-up", "margin", "probability", "nearest photo")
    table = [header, *map(_cells, rows)]
    widths = [max(len(row[column]) for row in table) for column in range(len(header))]
    return ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in table]


def _cells(row: MatchRow) -> tuple[str, ...]:
    runner_up = _NONE if row.runner_up is None else f"{row.runner_up} ({_percent(row.runner_up_likeness)})"
    near = row.copy_of if row.decision == COPY else row.nearest[0] if row.nearest else _NONE
    group = f"new {row.group}" if row.decision == NEW_MODEL else str(row.group)
    alike = f"{_percent(row.likeness)} to {row.closest}"
    margin, probability = _percent(row.margin), _percent(row.probability)
    return row.image_id, row.decision, group, alike, runner_up, margin, probability, near


def _percent(value: float | None) -> str:
    return _NONE if value is None else f"{value:.1%}"


def difference_fields(regrouped: Regrouped | None) -> dict[str, Any]:
    """Returns the fields about grouping from scratch; None without it."""
    if regrouped is None:
        return {"regrouped": None}
    found = regrouped.difference
    groups = {
        name: getattr(found, name).tolist() for name in ("same", "grew", "shrank", "split", "merged", "new", "gone")
    }
    moved = [regrouped.catalog.image_ids[row] for row in found.moved.tolist()]
    return {"regrouped": {**groups, "moved": moved, "threshold": float(regrouped.value)}}


def difference_lines(regrouped: Regrouped | None) -> list[str]:
    """Returns the same for people."""
    if regrouped is None:
        return []
    found = regrouped.difference
    return [
        f"Grouped from scratch, groups that stay the same: {len(found.same):,}, grew: {len(found.grew):,}, shrank: "
        f"{len(found.shrank):,}, were split: {len(found.split):,}, are made of several: {len(found.merged):,}, are "
        f"new: {len(found.new):,}, are gone: {len(found.gone):,}. Photos that moved: {len(found.moved):,}."
    ]
