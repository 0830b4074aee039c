"""The suspects as a CSV file."""

from __future__ import annotations

from collections.abc import Iterable

from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.grouping.grouping import Grouping
from shopsim.review.corrections import Decisions, decision_on
from shopsim.review.found import LabelErrors
from shopsim.review.of_grouping import evidence_of, models_of

COLUMNS = ("image_id", "model", "suggested", "score", "evidence", "decision")


def suspect_fields(
    grouping: Grouping, errors: LabelErrors, row: int, decisions: Decisions
) -> dict[str, str | float | None]:
    """What is told of one suspect, by COLUMNS.

    suggested: model id, None for a photo that fits nowhere; where a correction was accepted, that model.
    decision: accepted, not wrong, or None while it is open.
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
    """One row a suspect in the order of `rows`: UTF-8 with byte order mark, lines end with CR LF.

    Columns as COLUMNS, the score with 4 decimals. raw: leave text cells that a spreadsheet would run unguarded.
    """
    told = (suspect_fields(grouping, errors, row, decisions) for row in rows)
    lines = (fields | {"score": Digits(f"{fields['score']:.4f}")} for fields in told)
    return csv_bytes(COLUMNS, ([fields[name] for name in COLUMNS] for fields in lines), raw)
