"""`--never-join COLUMN`: photos that differ in a column of the catalogue are never in one group."""

from __future__ import annotations

import argparse
from typing import Any

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.cli.result import UsageError
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.never_join import column_of, fit_never_joined, stopped_joins
from shopsim.grouping.recipe import Recipe


def add_never_join_option(parser: argparse.ArgumentParser) -> None:
    """Adds `--never-join COLUMN`."""
    parser.add_argument(
        "--never-join",
        metavar="COLUMN",
        help="never join photos that differ in this column of catalog.csv, for example brand; category and split are "
        "columns too; photos without a value join each other only (default: no such rule)",
    )


def check_never_join(args: argparse.Namespace, catalog: Catalog | None = None) -> None:
    """Raises UsageError if this way of grouping cannot keep photos apart; of an opened catalogue, if the column is
    not there."""
    if args.never_join is None:
        return
    if getattr(args, "tuned_on", None) is not None:
        raise UsageError("--never-join cannot be given with --tuned-on, whose consensus keeps no photos apart.")
    try:
        check_takes_bindings(args.clusterer)
    except ShopsimError as error:
        raise UsageError(str(error)) from None
    if catalog is not None:
        column_of(catalog, args.never_join.strip().lower())


def with_never_join(args: argparse.Namespace, fitted: Fitted, recipe: Recipe) -> Fitted:
    """Returns the fitted catalogue with the rule of the option; the same one without the option."""
    if args.never_join is None:
        return fitted
    return fit_never_joined(fitted, recipe, args.never_join.strip().lower(), Store(cache_dir()))


def never_join_fields(grouping: Grouping) -> tuple[dict[str, Any], list[str]]:
    """Returns fields and lines on what the rule stopped; none without the rule."""
    stopped, rule = stopped_joins(grouping), grouping.fitted.never_joined
    if stopped is None or rule is None:
        return {}, []
    fields = {
        "column": rule.column,
        "n_values": stopped.n_values,
        "n_without_value": stopped.n_without_value,
        "n_groups_parted": stopped.n_groups,
        "n_pairs_stopped": stopped.n_pairs,
        "n_pairs_stopped_of_one_model": stopped.n_pairs_of_one_model,
    }
    told = (
        f"Photos that differ in '{rule.column}' are never joined. Without this rule, groups with more than one value: "
        f"{stopped.n_groups:,}; pairs of photos that it keeps apart: {stopped.n_pairs:,}"
    )
    if stopped.n_pairs_of_one_model is not None:
        told += f"; of these, pairs that show one model: {stopped.n_pairs_of_one_model:,}"
    return {"never_join": fields}, [f"{told}."]
