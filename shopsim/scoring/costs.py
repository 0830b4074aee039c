"""Turns wrong pairs into money: what each threshold costs, and the threshold that costs least."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.curve import CountCurve, Curve, joined_pairs

_MOST = 1e9


@dataclass(frozen=True)
class Prices:
    """What one wrong pair of photos costs, in the unit of whoever asks, each from 0 to a billion, not both 0.

    together: two photos of different models in one group. apart: two photos of one model in different groups.
    Raises ShopsimError for other numbers.
    """

    together: float
    apart: float

    def __post_init__(self) -> None:
        for what, price in (("wrongly together", self.together), ("missed", self.apart)):
            if not (math.isfinite(price) and 0 <= price <= _MOST):
                raise ShopsimError(f"A pair {what} costs {price:g}; it must be a number from 0 to {_MOST:,.0f}.")
        if self.together == self.apart == 0:
            raise ShopsimError("Both costs are 0, so every threshold would be as good; give at least one above 0.")

    def of(self, wrong_pairs: float, missed_pairs: float) -> float:
        """Returns what so many pairs wrongly together and wrongly apart cost."""
        return self.together * wrong_pairs + self.apart * missed_pairs


@dataclass(frozen=True, eq=False)
class PairCurve:
    """How many pairs of photos are wrong at every threshold at which the groups change; all arrays are (m,).

    threshold: float64, falling; the one to set. wrong: pairs wrongly together; missed: pairs wrongly apart; both
    exact int64 counts of labelled photos, or float64 estimates. n_photos: photos that these pairs are of.
    is_estimate: whether the counts are estimated without labels.
    """

    threshold: np.ndarray
    wrong: np.ndarray
    missed: np.ndarray
    n_photos: int
    is_estimate: bool = False

    def costs(self, prices: Prices) -> np.ndarray:
        """(m,) float64: what each threshold costs."""
        return prices.together * self.wrong.astype(np.float64) + prices.apart * self.missed.astype(np.float64)

    def cheapest(self, prices: Prices) -> int:
        """Returns the place of the least cost; of equals the highest threshold."""
        return int(np.argmin(self.costs(prices)))

    def at(self, threshold: float) -> int:
        """Returns the place of the groups that a threshold gives, for a curve whose thresholds are set as they are."""
        return max(int(np.searchsorted(-self.threshold, -threshold, side="right")) - 1, 0)


def per_thousand(pairs: float, n_photos: int) -> float:
    """Returns the pairs per 1,000 photos; 0 without photos."""
    return 1000 * pairs / n_photos if n_photos else 0.0


def as_estimated(number: float) -> float:
    """Returns the number with the two digits that an estimate deserves."""
    return float(f"{number:.2g}")


def pairs_of_curve(curve: Curve) -> PairCurve:
    """Returns the exact counts of all cuts, which the walk over the merges has found."""
    return PairCurve(curve.threshold, curve.fp, curve.fn, int(curve.n_scored[0]))


def expected_pairs(
    tree: MergeTree, curve: CountCurve, precision: np.ndarray, opening: float, recall_there: float
) -> PairCurve:
    """Estimates the counts where no label is known.

    curve: of the tree. precision: (m,) float64 from 0 to 1, the pair precision to expect at each of its points.
    opening, recall_there: a threshold, and the pair recall to expect there. How many pairs are joined is known
    exactly; how many show one model is what precision and recall at the opening threshold say together.
    """
    _, joined = joined_pairs(tree.linkage, [0] * tree.n_images)
    at_cuts = np.array([joined[tree.n_images - n_groups] for n_groups in curve.n_groups.tolist()], np.float64)
    right = at_cuts * precision
    there = max(int(np.searchsorted(-curve.similarity, -opening, side="right")) - 1, 0)
    of_one_model = right[there] / max(recall_there, 1e-9)
    missed = np.maximum(of_one_model - right, 0.0)
    return PairCurve(curve.threshold, at_cuts - right, missed, tree.n_images, is_estimate=True)
