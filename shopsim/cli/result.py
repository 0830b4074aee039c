"""The result of a command, how it is printed, and scores as fields and lines of it."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.catalog.catalog import Problem
from shopsim.cli.problem_list import problem_fields, problem_lines
from shopsim.cli.terminal import say
from shopsim.scoring.costs import per_thousand
from shopsim.scoring.evaluation import PairCounts, detail_scores, evaluate, split_by_category

_SCORES = ("ari", "pair_precision", "pair_recall", "pair_f1", "tp", "fp", "fn", "tn")
_PER_1000 = ("wrong_per_1000", "missed_per_1000")
_DETAILS = {"AMI": "ami", "Homogeneity": "homogeneity", "Completeness": "completeness", "V-measure": "v_measure"}


class UsageError(ShopsimError):
    """The command line itself is wrong: exit code 2."""


@dataclass(frozen=True)
class Result:
    """One result, for programs and for people.

    fields: of the JSON object, as docs/json.md lists them. lines: the same as text.
    problems: files that were left out, each with its reason, and damaged photos that were read all the same.
    """

    fields: Mapping[str, Any]
    lines: Sequence[str]
    problems: Sequence[Problem] = field(default=())

    def show(self, command: str, as_json: bool) -> None:
        """Prints the result to stdout; as text, the problems go to stderr."""
        if as_json:
            print(to_json({"command": command, **self.fields, **problem_fields(self.problems)}), flush=True)
            return
        for line in problem_lines(self.problems):
            say(line)
        for line in self.lines:
            say(line, sys.stdout)


def to_json(fields: Mapping[str, Any]) -> str:
    """Returns one line of ASCII, which passes any pipe; numbers that are not finite become null."""
    return json.dumps(_plain(fields), allow_nan=False)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(key): _plain(entry) for key, entry in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(entry) for entry in value]
    if isinstance(value, float):
        return float(value) if math.isfinite(value) else None
    return value


def score_fields(labels_true: np.ndarray | None, labels_pred: np.ndarray) -> dict[str, Any]:
    """Counts and scores of one grouping; scores are None without true labels.

    labels_true: (n,) int64, -1 for a photo without a label, or None; labels_pred: (n,) int64.
    """
    unknown = np.full(len(labels_pred), UNLABELLED)
    found = evaluate(unknown if labels_true is None else labels_true, labels_pred)
    counts = {
        "n_images": len(labels_pred),
        "n_labelled": found.n_images,
        "n_models": found.n_models,
        "n_groups": found.n_groups,
        "n_singletons": found.n_singletons,
    }
    if labels_true is None or found.n_images == 0:
        return counts | dict.fromkeys([*_SCORES, *_PER_1000, *_DETAILS.values()])
    pairs = found.pairs
    values = (found.ari, pairs.precision, pairs.recall, pairs.f1, pairs.tp, pairs.fp, pairs.fn, pairs.tn)
    wrong = {
        name: per_thousand(count, found.n_images) for name, count in zip(_PER_1000, (pairs.fp, pairs.fn), strict=True)
    }
    details = detail_scores(labels_true, labels_pred)
    return (
        counts
        | dict(zip(_SCORES, values, strict=True))
        | wrong
        | {_DETAILS[name]: value for name, value in details.items()}
    )


def category_fields(
    categories: Sequence[str | None], labels_true: np.ndarray | None, labels_pred: np.ndarray
) -> list[dict[str, Any]]:
    """The same for the photos of each category by itself; empty without categories."""
    parts = split_by_category(categories, labels_true, labels_pred)
    return [{"category": category, **score_fields(*part)} for category, part in parts.items()]


def cross_product_fields(pairs: PairCounts | None) -> dict[str, Any]:
    """The scores of pairs of different products, as one field; None where there is no such score."""
    if pairs is None:
        return {"cross_product": None}
    names = ("pair_precision", "pair_recall", "pair_f1", "tp", "fp", "fn", "tn")
    values = (pairs.precision, pairs.recall, pairs.f1, pairs.tp, pairs.fp, pairs.fn, pairs.tn)
    return {"cross_product": dict(zip(names, values, strict=True))}


def cross_product_lines(fields: Mapping[str, Any]) -> list[str]:
    """The same for people: one line, or none."""
    found = fields.get("cross_product")
    if found is None:
        return []
    return [
        f"Pairs of different products only: pair precision {found['pair_precision']:.4f}   "
        f"pair recall {found['pair_recall']:.4f}   F1 {found['pair_f1']:.4f}"
    ]


def score_lines(fields: Mapping[str, Any]) -> list[str]:
    """The scores for people: one line of groups, and with labels one of scores and one of details."""
    groups = (
        f"{fields['n_images']:,} photos in {fields['n_groups']:,} groups, {fields['n_singletons']:,} of them one photo"
    )
    if fields["ari"] is None:
        return [f"{groups}. No true labels, so nothing is scored."]
    return [
        f"{groups}; {fields['n_labelled']:,} labelled photos show {fields['n_models']:,} models.",
        f"ARI {fields['ari']:.4f}   pair precision {fields['pair_precision']:.4f}   "
        f"pair recall {fields['pair_recall']:.4f}   F1 {fields['pair_f1']:.4f}",
        f"Per 1,000 photos: {fields['wrong_per_1000']:,.1f} pairs wrongly together, {fields['missed_per_1000']:,.1f} "
        "pairs missed.",
        f"AMI {fields['ami']:.4f}   homogeneity {fields['homogeneity']:.4f}   "
        f"completeness {fields['completeness']:.4f}   V-measure {fields['v_measure']:.4f}",
    ]
