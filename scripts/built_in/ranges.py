"""How far the truth lies from what a forest says of photos of a family that it has not seen, and how often it holds."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from built_in.training import Judged

from shopsim.tuning.built_in.shipped import SCORES

WANTED = 0.8
"""A range is as wide as it must be to hold so many true numbers of a family that it was not measured on."""
TAILS = (10.0, 7.5, 5.0, 2.5, 1.0, 0.0)
"""Percentiles that may lie on each side of a range."""
N_BINS = 8
Margins = dict[str, list[float]]


@dataclass(frozen=True, eq=False)
class Said:
    """What was said of one catalogue and what was true: of all cuts, and of the one that would be opened with."""

    family: str
    predicted: np.ndarray
    true: np.ndarray
    chosen: int

    @property
    def at_opening(self) -> tuple[float, float]:
        """Returns what was said of the chosen cut, and what was true."""
        return float(self.predicted[self.chosen]), float(self.true[self.chosen])


def ranges_of(judged: Sequence[Judged]) -> tuple[dict[str, Margins], dict[str, dict[str, float]]]:
    """Returns margins and coverage per output.

    Margins are offsets by the predicted value, as the card keeps them. Coverage says per family how often a range that
    was measured on all other families holds the truth at the opening cut.
    """
    margins, coverage = {}, {}
    for output, said in _outputs(judged).items():
        for tail in TAILS:
            held = _held(said, tail)
            if np.mean(list(held.values())) >= WANTED:
                break
        margins[output] = _margins(said, tail)
        coverage[output] = {family: round(share, 3) for family, share in held.items()}
    return margins, coverage


def _outputs(judged: Sequence[Judged]) -> Mapping[str, list[Said]]:
    found = {name: [_score_of(one, at) for one in judged] for at, name in enumerate(SCORES)}
    return found | {"photos_per_model": [_size_of(one) for one in judged]}


def _score_of(one: Judged, at: int) -> Said:
    return Said(one.measured.family, one.predicted[:, at], one.measured.scores[:, at], one.chosen)


def _size_of(one: Judged) -> Said:
    photos, chosen = one.measured.n_images, one.measured.n_groups[[one.chosen]]
    return Said(one.measured.family, np.log(photos / chosen), np.log([photos / one.measured.n_models]), 0)


def _held(said: Sequence[Said], tail: float) -> dict[str, float]:
    shares = {}
    for family in sorted({one.family for one in said}):
        margins = _margins([one for one in said if one.family != family], tail)
        predicted, true = np.array([one.at_opening for one in said if one.family == family]).T
        low, high = (predicted + np.interp(predicted, margins["predicted"], margins[side]) for side in ("low", "high"))
        shares[family] = float(((low <= true) & (true <= high)).mean())
    return shares


def _margins(said: Sequence[Said], tail: float) -> Margins:
    """Measures by level of the predicted value; each family has the same weight."""
    predicted = np.concatenate([one.predicted for one in said])
    apart = np.concatenate([one.true for one in said]) - predicted
    weight = _weights(said)
    order = np.array_split(np.argsort(predicted, kind="stable"), min(N_BINS, len(predicted)))
    sides = {"low": tail, "middle": 50.0, "high": 100.0 - tail}
    found = {side: [_percentile(apart[part], weight[part], at) for part in order] for side, at in sides.items()}
    return {"predicted": [round(float(predicted[part].mean()), 4) for part in order], **found}


def _weights(said: Sequence[Said]) -> np.ndarray:
    values = {family: sum(len(one.true) for one in said if one.family == family) for family in {s.family for s in said}}
    return np.concatenate([np.full(len(one.true), 1 / values[one.family]) for one in said])


def _percentile(values: np.ndarray, weight: np.ndarray, percent: float) -> float:
    order = np.argsort(values, kind="stable")
    share = np.cumsum(weight[order]) / weight.sum()
    at = min(int(np.searchsorted(share, percent / 100)), len(values) - 1)
    return round(float(values[order][at]), 4)
