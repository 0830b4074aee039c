"""Prints the answer of `benchmark`: fields for programs, an aligned table for people."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.catalog.catalog import Problem
from shopsim.cli.result import Result
from shopsim.cli.terminal import say
from shopsim.tuning.held_out import FoldScore, HeldOut

TUNED_ON_WHAT = (
    "Everything was chosen on each fold's tuning models and scored once on its held-out models; "
    "'tuned' is the ARI had the cut been chosen on the scored photos; the baseline is K-means on the "
    "unnormalised features, with K from the tuning models' photos per model. Fewer models are easier to tell apart "
    "than many: compare these scores with each other, not with one of the whole catalogue."
)
_COLUMNS = ("catalogue", "photos", "models", "baseline", "held-out", "95 % interval", "tuned", "precision", "recall")
_COLUMNS += ("F1", "error ratio")


@dataclass(frozen=True)
class Results:
    """One result per catalogue, and one sentence per catalogue that could not be scored."""

    done: Sequence[Result]
    failed: Sequence[str]

    @property
    def problems(self) -> Sequence[Problem]:
        """The problems of all catalogues, one after the other."""
        return [problem for result in self.done for problem in result.problems]

    def show(self, command: str, as_json: bool) -> None:
        """Prints the results to stdout. Raises ShopsimError if a catalogue could not be scored."""
        if as_json:
            for result in self.done:
                result.show(command, as_json)
        elif self.done:
            fields = [result.fields for result in self.done]
            how = [line for found in fields for line in _how(found)]
            Result({}, [*_table(fields), *how, TUNED_ON_WHAT], self.problems).show(command, as_json)
        if self.failed:
            for sentence in self.failed[:-1]:
                say(sentence)
            raise ShopsimError(self.failed[-1])


def _how(fields: dict[str, Any]) -> list[str]:
    """Says how the models were split, and what was chosen in each fold."""
    folds = [
        f"  fold {place}: ARI {fold['ari']:.3f}. {fold['sentence']}" for place, fold in enumerate(fields["folds"], 1)
    ]
    return [f"{fields['catalog']}: {fields['how']}.", *folds]


def _table(results: Sequence[dict[str, Any]]) -> list[str]:
    """Returns the scores of all catalogues as aligned lines, names to the left and numbers to the right."""
    rows = [_COLUMNS, *(_cells(fields) for fields in results)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return [
        "  ".join([row[0].ljust(widths[0]), *(cell.rjust(w) for cell, w in zip(row[1:], widths[1:], strict=True))])
        for row in rows
    ]


def scores(result: HeldOut) -> dict[str, Any]:
    """Returns the fields of one catalogue's result that the answer has."""
    return {
        "baseline_ari": result.baseline_ari,
        "ari": result.ari,
        "interval": result.interval,
        "error_ratio": result.error_ratio,
        "tuned_ari": result.tuned_ari,
        "precision": result.pair_mean("precision"),
        "recall": result.pair_mean("recall"),
        "f1": result.pair_mean("f1"),
        "folds": [_fold(fold) for fold in result.folds],
        "how": result.how,
        "seed": result.seed,
    }


def _fold(fold: FoldScore) -> dict[str, Any]:
    found, best = fold.evaluation, fold.chosen[0]
    added_in = best.candidate.in_spaces[-1]
    recipe = {
        "space": best.recipe.space,
        "space_settings": best.recipe.space_settings,
        "clusterer": best.recipe.clusterer,
        "clusterer_settings": best.recipe.clusterer_settings,
    }
    return {
        "sentence": fold.sentence,
        "n_images": found.n_images,
        "n_models": found.n_models,
        "n_groups": found.n_groups,
        "ari": found.ari,
        "baseline_ari": fold.baseline.ari,
        "tuned_ari": fold.tuned_ari,
        "precision": found.pairs.precision,
        "recall": found.pairs.recall,
        "f1": found.pairs.f1,
        "inner_ari": best.score,
        "threshold": best.threshold,
        "recipe": recipe,
        "added": dict(best.candidate.added),
        "added_space": added_in.space,
        "added_space_settings": added_in.space_settings,
        "n_tried": len(fold.chosen),
    }


def _cells(fields: dict[str, Any]) -> tuple[str, ...]:
    low, high = fields["interval"]
    ratio = fields["error_ratio"]
    numbers = [f"{fields[name]:.3f}" for name in ("tuned_ari", "precision", "recall", "f1")]
    return (
        fields["catalog"],
        f"{fields['n_images']:,}",
        f"{fields['n_models']:,}",
        f"{fields['baseline_ari']:.3f}",
        f"{fields['ari']:.3f}",
        f"{low:.3f} to {high:.3f}",
        *numbers,
        "-" if ratio is None else f"{ratio:.3f}",
    )
