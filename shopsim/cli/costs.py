"""`--costs WRONG MISSED`: what the groups cost, and the threshold that costs least."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.cli.result import UsageError
from shopsim.grouping.grouping import Fitted
from shopsim.scoring.costs import PairCurve, Prices, as_estimated, pairs_of_curve
from shopsim.scoring.curve import Curve
from shopsim.tuning.built_in.expected_pairs import pairs_to_expect
from shopsim.tuning.built_in.opening import Blind


def add_costs_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--costs`."""
    parser.add_argument(
        "--costs",
        metavar=("WRONG", "MISSED"),
        nargs=2,
        type=float,
        help="what a pair of photos costs that is wrongly together, and one that is wrongly apart, in your unit",
    )


def prices_of(args: argparse.Namespace) -> Prices | None:
    """Returns the prices of --costs, None without it. Raises UsageError for numbers that are no prices."""
    if args.costs is None:
        return None
    try:
        return Prices(*args.costs)
    except ShopsimError as error:
        raise UsageError(str(error)) from None


def pairs_of(fitted: Fitted, blind: Blind | None) -> PairCurve | None:
    """Returns the wrong pairs at every threshold, estimated without labels; None where nothing says how many."""
    if isinstance(fitted.curve, Curve):
        return pairs_of_curve(fitted.curve)
    return None if blind is None else pairs_to_expect(fitted.tree, blind)


def cost_fields(
    prices: Prices | None, scores: Mapping[str, Any], pairs: PairCurve | None = None, threshold: float | None = None
) -> dict[str, Any]:
    """Returns the field `costs`: None without prices.

    scores: the fields of `score_fields`, whose counts are exact. pairs: at every threshold; without them only the
    groups as they are have a cost. Strict groups are not those of any threshold, so no threshold is the best of them;
    their estimate is of the groups before the split.
    """
    if prices is None:
        return {}
    wrong, missed, estimated = scores["fp"], scores["fn"], False
    if wrong is None and pairs is not None and threshold is not None:
        place = pairs.at(threshold)
        wrong, missed, estimated = float(pairs.wrong[place]), float(pairs.missed[place]), pairs.is_estimate
    best: dict[str, Any] = {"best_threshold": None, "best_cost": None}
    if pairs is not None and not scores.get("strict"):
        place = pairs.cheapest(prices)
        best = {"best_threshold": float(pairs.threshold[place]), "best_cost": float(pairs.costs(prices)[place])}
    cost = None if wrong is None else prices.of(wrong, missed)
    return {"costs": {**asdict(prices), "cost": cost, **best, "estimated": estimated}}


def cost_lines(fields: Mapping[str, Any]) -> list[str]:
    """Returns the same for people; nothing without prices."""
    costs = fields.get("costs")
    if costs is None:
        return []
    if costs["cost"] is None:
        if fields.get("expected_note"):
            return ["Costs are not known: no photo has a true model, and there is no estimate for these groups."]
        return ["Costs are not known: no photo has a true model, and the built-in settings do not fit these photos."]
    if fields.get("strict"):
        return [_strict_line(costs)]
    if costs["estimated"]:
        cost, least = (as_estimated(costs[name]) for name in ("cost", "best_cost"))
        return [f"Costs of wrong pairs, estimated: {cost:,.10g}; the least is {least:,.10g}, {_where(costs)}."]
    told = f"Costs of wrong pairs: {costs['cost']:,.10g}"
    if costs["best_threshold"] is None:
        return [f"{told}."]
    return [f"{told}; the least is {costs['best_cost']:,.10g}, {_where(costs)}."]


def _strict_line(costs: Mapping[str, Any]) -> str:
    if costs["estimated"]:
        cost = as_estimated(costs["cost"])
        return f"Costs of wrong pairs, estimated for the groups before --strict splits them: {cost:,.10g}."
    return f"Costs of wrong pairs: {costs['cost']:,.10g}. Which threshold costs least with --strict is not known."


def _where(costs: Mapping[str, Any]) -> str:
    return f"at threshold {costs['best_threshold']:.10g}"
