"""Finds the label errors of a catalogue as it is grouped, and tells them as sentences and as a CSV file."""

from __future__ import annotations

import math
from collections.abc import Iterable

from shopsim.base.disk.store import Store
from shopsim.base.labels import UNLABELLED
from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.grouping.grouping import Grouping
from shopsim.review.decisions import Decisions, decision_on
from shopsim.review.find import cuts_around, find_label_errors
from shopsim.review.found import NO_MODEL, LabelErrors
from shopsim.scoring.curve import Curve

COLUMNS = ("image_id", "model", "suggested", "score", "evidence", "decision")


def label_errors_of(
    grouping: Grouping, progress: Progress = silent, run: Run = here, store: Store | None = None
) -> LabelErrors:
    """Searches for label errors by the vectors and groups of a grouping.

    A merge tree is cut around its best threshold, whatever the cut of the grouping; other clusterings are taken as cut.
    run: carries out the search; store: as in `find_label_errors`. Raises ValueError for a catalogue without labels.
    """
    fitted = grouping.fitted
    catalog, labels_true = fitted.catalog, fitted.catalog.labels_true
    if labels_true is None:
        raise ValueError("Without true labels there are no label errors.")
    value = fitted.best(fitted.curve) if isinstance(fitted.curve, Curve) else grouping.value
    digests = [image.digest for image in catalog.images]
    cuts = cuts_around(fitted.tree, value)
    return run(find_label_errors, fitted.vectors, digests, labels_true, cuts, progress=progress, store=store)


def is_by_tree(grouping: Grouping) -> bool:
    """Returns whether the label errors are the same at every cut."""
    return isinstance(grouping.fitted.curve, Curve)


def models_of(grouping: Grouping, errors: LabelErrors, row: int) -> tuple[str | None, str | None]:
    """Returns the ids of a photo's given model and of its suggested model; None where there is none."""
    catalog = grouping.fitted.catalog
    suggested = errors.suggested[row]
    return catalog.images[row].model, None if suggested == NO_MODEL else catalog.models[suggested]


def evidence_of(grouping: Grouping, errors: LabelErrors, row: int) -> str:
    """Tells the evidence against a photo's label in a sentence with the models' names; '' without a label."""
    catalog = grouping.fitted.catalog
    given, suggested = models_of(grouping, errors, row)
    if catalog.labels_true is None or catalog.labels_true[row] == UNLABELLED:
        return ""
    return evidence_sentence(errors, row, catalog.model_name(given), catalog.model_name(suggested))


def suspect_fields(
    grouping: Grouping, errors: LabelErrors, row: int, decisions: Decisions
) -> dict[str, str | float | None]:
    """Returns the values of one suspect by COLUMNS.

    suggested: a model id, None for a photo that fits no model; if a correction was accepted, the accepted model.
    decision: accepted, not wrong, or None without a decision.
    """
    image = grouping.fitted.catalog.images[row]
    decision = decision_on(image, decisions)
    given, suggested = models_of(grouping, errors, row)
    return {
        "image_id": image.image_id,
        "model": given,
        "suggested": suggested if decision is None or decision.suggested is None else decision.suggested,
        "score": float(errors.score[row]),
        "evidence": evidence_of(grouping, errors, row),
        "decision": None if decision is None else decision.verdict,
    }


def label_errors_csv(
    grouping: Grouping, errors: LabelErrors, rows: Iterable[int], decisions: Decisions, raw: bool = False
) -> bytes:
    """Writes one line per suspect in the order of `rows`: UTF-8 with byte order mark, lines end with CR LF.

    The columns are COLUMNS; the score has 4 decimals. raw: do not guard cells that a spreadsheet would run as formulas.
    """
    told = (suspect_fields(grouping, errors, row, decisions) for row in rows)
    lines = (fields | {"score": Digits(f"{fields['score']:.4f}")} for fields in told)
    return csv_bytes(COLUMNS, ([fields[name] for name in COLUMNS] for fields in lines), raw)


def evidence_sentence(errors: LabelErrors, row: int, given: str, suggested: str) -> str:
    """Says why the photo in this row looks wrong, or that it fits no model; given, suggested: names of its models."""
    if errors.suggested[row] == NO_MODEL:
        return f"It is unlike the photos of {given}, and fits no other model either."
    near = f"{_of(errors.near_suggested[row], errors.n_near[row])} nearest photos"
    near += f" show {suggested}, {_none_or(errors.near_given[row])} {given}"
    told = [near, *_groups(errors, row, given, suggested), _fits(errors, row, given, suggested)]
    return " ".join([f"{'; '.join(told)}.", *_remarks(errors, row, given, suggested)])


def _of(count: int, total: int) -> str:
    """Writes '9 of its 10' or 'All of its 10'."""
    return f"All of its {total}" if count == total > 1 else f"{count} of its {total}"


def _none_or(count: int) -> str:
    return str(count) if count else "none"


def _groups(errors: LabelErrors, row: int, given: str, suggested: str) -> list[str]:
    """Says which model its groups mostly show, or that it is alone at every threshold."""
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
