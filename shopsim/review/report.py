"""The evidence against a label, in words."""

from __future__ import annotations

import math

from shopsim.review.found import NO_MODEL, LabelErrors


def evidence_sentence(errors: LabelErrors, row: int, given: str, suggested: str) -> str:
    """Why the photo in this row looks wrong, or that it fits nowhere; given, suggested: what to call its models."""
    if errors.suggested[row] == NO_MODEL:
        return f"It is unlike the photos of {given}, and fits no other model either."
    near = f"{_of(errors.near_suggested[row], errors.n_near[row])} nearest photos"
    near += f" show {suggested}, {_none_or(errors.near_given[row])} {given}"
    told = [near, *_groups(errors, row, given, suggested), _fits(errors, row, given, suggested)]
    return " ".join([f"{'; '.join(told)}.", *_remarks(errors, row, given, suggested)])


def _of(count: int, total: int) -> str:
    """'9 of its 10', 'All of its 10'."""
    return f"All of its {total}" if count == total > 1 else f"{count} of its {total}"


def _none_or(count: int) -> str:
    return str(count) if count else "none"


def _groups(errors: LabelErrors, row: int, given: str, suggested: str) -> list[str]:
    """What its groups mostly show; nothing where it is alone at every threshold."""
    for_it, against, total = errors.groups_suggested[row], errors.groups_given[row], errors.n_groups[row]
    if total == 0:
        return ["it is in a group of its own"]
    if total == 1:
        shown = suggested if for_it else given if against else "another model"
        return [f"its group mostly shows {shown}"]
    return [f"its group mostly shows {suggested} at {for_it} of {total} thresholds, {given} at {_none_or(against)}"]


def _fits(errors: LabelErrors, row: int, given: str, suggested: str) -> str:
    fit, own = float(errors.fit_suggested[row]), float(errors.fit_given[row])
    like = f"it is {fit:.0%} similar to the nearest of {suggested}"
    return like if math.isnan(own) else f"{like}, {own:.0%} to those of {given}"


def _remarks(errors: LabelErrors, row: int, given: str, suggested: str) -> list[str]:
    remarks = []
    if errors.has_twin[row]:
        remarks.append(f"A byte-equal copy is filed under {suggested}.")
    if errors.n_others[row] == 0:
        remarks.append(f"{given} has no other photo to compare with.")
    elif errors.n_others[row] == 1:
        remarks.append(f"{given} has only one other photo, so that one may be the wrong one.")
    return remarks
