"""Opens a catalogue by the built-in settings, and says what scores to expect of groups that nobody can check."""

from __future__ import annotations

from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.cli.progress_line import ProgressLine
from shopsim.grouping.changed import is_changed
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.built_in.expected import Estimate
from shopsim.tuning.built_in.look import FOR_ONE, NOT_OF_CHANGED, look_without_labels, why_not_fitted
from shopsim.tuning.built_in.opening import Blind, why_not_for


def check_built_in(extractor: str, recipe: Recipe, is_alone: bool) -> None:
    """Raises ShopsimError, before any long work, if there are no built-in settings for these; is_alone: no --add."""
    _refuse(why_not_for(extractor, recipe) or ("" if is_alone else FOR_ONE))


def look(extractor: str, recipe: Recipe, fitted: Fitted, needed: bool) -> Blind | None:
    """Returns what the built-in settings say of these photos, or None if they are not for them.

    needed: raise ShopsimError then.
    """
    reason = why_not_fitted(extractor, recipe, fitted)
    if needed:
        _refuse(reason)
    if reason:
        return None
    with ProgressLine("Looking without labels") as progress:
        return look_without_labels(extractor, recipe, fitted, cache_dir(), progress)


def _refuse(reason: str) -> None:
    if reason:
        raise ShopsimError(f"{reason} Leave --threshold out, or give a number such as 0.62.")


def expected_fields(blind: Blind | None, grouping: Grouping) -> dict[str, Any]:
    """Returns the fields of the scores to expect of the groups; None where nothing estimates them.

    blind: what the built-in settings say of the tree that no rule and no correction has changed.
    """
    note = NOT_OF_CHANGED if blind is not None and is_changed(grouping.fitted) else ""
    if blind is None or note:
        return {"expected": None, "photos_per_model": None, "expected_note": note}
    scores = blind.expected.at(grouping.value)
    expected = {"ari": scores.ari, "pair_precision": scores.precision, "pair_recall": scores.recall}
    fields = {name: _fields(estimate) for name, estimate in expected.items()}
    return {"expected": fields, "photos_per_model": _fields(blind.photos_per_model), "expected_note": ""}


def expected_lines(fields: dict[str, Any]) -> list[str]:
    """Returns the same for people."""
    expected, photos = fields["expected"], fields["photos_per_model"]
    if expected is None:
        return [fields["expected_note"]] if fields["expected_note"] else []
    scores = "   ".join(f"{name.replace('_', ' ')} {_text(score, '.2f')}" for name, score in expected.items())
    before = " The scores are of the groups before --strict splits them." if fields["strict"] else ""
    return [
        f"Expected without labels: {scores.replace('ari', 'ARI')}; {_text(photos, '.3g')} photos per model.{before}"
    ]


def _fields(estimate: Estimate) -> dict[str, float]:
    return {"value": estimate.value, "low": estimate.low, "high": estimate.high}


def _text(estimate: dict[str, float], form: str) -> str:
    return f"{estimate['value']:{form}} ({estimate['low']:{form}} to {estimate['high']:{form}})"
