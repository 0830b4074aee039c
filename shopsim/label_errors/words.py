"""The evidence against a label, in words."""

from __future__ import annotations

import math

from shopsim.label_errors.finder import NO_MODEL, LabelErrors


def evidence_sentence(errors: LabelErrors, row: int, given: str, suggested: str) -> str:
    """Why the photo in this row looks wrong, or that it fits nowhere; given, suggested: what to call its models."""
    if errors.suggested[row] == NO_MODEL:
        return f"It is unlike the photos of {given}, and fits no other model either{_fit(errors, row, given)}."
    near, groups = int(errors.n_near[row]), int(errors.n_groups[row])
    told = [
        f"{_of(errors.near_suggested[row], near)} nearest photos",
        *([f"{_of(errors.groups_suggested[row], groups)} groups"] if groups else []),
    ]
    against = [errors.near_given[row], *([errors.groups_given[row]] if groups else [])]
    none = "none" if not any(against) else " and ".join(str(int(count)) for count in against)
    said = f"{' and '.join(told)} show {suggested}, {none} {given}{_fit(errors, row, given, suggested)}."
    return " ".join([said[0].upper() + said[1:], *_remarks(errors, row, given, suggested)])


def _of(count: int, total: int) -> str:
    """'9 of its 10', 'all of its 10'."""
    return f"all of its {total}" if count == total > 1 else f"{int(count)} of its {total}"


def _fit(errors: LabelErrors, row: int, given: str, suggested: str | None = None) -> str:
    fit, own = float(errors.fit_suggested[row]), float(errors.fit_given[row])
    if suggested is None:
        return "" if math.isnan(own) else f": {own:.0%} similar to the nearest of its own"
    if math.isnan(own):
        return f"; it is {fit:.0%} similar to the nearest of {suggested}"
    return f"; it is {fit:.0%} similar to the nearest of {suggested}, {own:.0%} to those of {given}"


def _remarks(errors: LabelErrors, row: int, given: str, suggested: str) -> list[str]:
    remarks = []
    if errors.has_twin[row]:
        remarks.append(f"A byte-equal copy is filed under {suggested}.")
    if errors.n_others[row] == 0:
        remarks.append(f"{given} has no other photo to compare with.")
    elif errors.n_others[row] == 1:
        remarks.append(f"{given} has only one other photo, so that one may be the wrong one.")
    return remarks
