"""`--corrections [FILE]`: groups that respect what people said of them, with the scores of both."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.base.text.csv_text import decode, read_bytes
from shopsim.catalog.catalog import Catalog
from shopsim.cli.result import UsageError, score_fields
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.grouping.corrections.action import BINDING, Action
from shopsim.grouping.corrections.corrections_csv import read_corrections
from shopsim.grouping.corrections.fit_bound import bound_for, fit_bound
from shopsim.grouping.corrections.store import read_actions, read_all_actions
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.recipe import Recipe

_WORKSPACE = Path()


def add_corrections_option(parser: argparse.ArgumentParser) -> None:
    """Adds `--corrections [FILE]`."""
    parser.add_argument(
        "--corrections",
        metavar="FILE",
        nargs="?",
        type=Path,
        const=_WORKSPACE,
        help="respect what people said of the groups: the corrections of the workspace, or those of a CSV file; the "
        "threshold and the scores without them stay beside it (default: no corrections)",
    )


def check_corrections(args: argparse.Namespace) -> None:
    """Raises UsageError if corrections are wanted and this way of grouping cannot respect any."""
    if getattr(args, "corrections", None) is None:
        return
    if getattr(args, "tuned_on", None) is not None:
        raise UsageError("--corrections cannot be given with --tuned-on; the Groups page can use both.")
    try:
        check_takes_bindings(args.clusterer)
    except ShopsimError as error:
        raise UsageError(str(error)) from None


def actions_in(path: Path, catalog: Catalog) -> tuple[Action, ...]:
    """Returns the corrections in a CSV file. Raises ShopsimError, with one sentence per bad row."""
    return read_corrections(decode(read_bytes(path), str(path)), path.name, catalog)


def with_corrections(
    args: argparse.Namespace, measured: Grouping, recipe: Recipe
) -> tuple[Grouping, dict[str, Any], list[str]]:
    """Returns the groups with the corrections that --corrections names, at the same threshold, with fields and lines.

    Without the option, the same groups, no fields and no lines.
    """
    if getattr(args, "corrections", None) is None:
        return measured, {}, []
    fitted = measured.fitted
    if args.corrections == _WORKSPACE:
        known, everywhere = read_actions(fitted.catalog), read_all_actions()
    else:
        known = everywhere = actions_in(args.corrections, fitted.catalog)
    bound = bound_for(fitted, everywhere)
    after = fit_bound(fitted, recipe, bound, Store(cache_dir()))
    grouping = after.group(measured.value, measured.tuned_on, measured.strict)
    n_used = sum(each.kind in BINDING and not each.undone for each in known) if bound else 0
    scores = score_fields(fitted.catalog.labels_true, measured.labels_pred)
    return grouping, {"n_corrections": n_used, "without_corrections": scores}, _lines(n_used, scores)


def _lines(n_used: int, scores: dict[str, Any]) -> list[str]:
    lines = [f"Corrections used: {n_used:,}. Without them there are {scores['n_groups']:,} groups."]
    if scores["ari"] is not None:
        lines[0] = (
            f"Corrections used: {n_used:,}. Without them: {scores['n_groups']:,} groups, ARI {scores['ari']:.4f}, "
            f"pair precision {scores['pair_precision']:.4f}, pair recall {scores['pair_recall']:.4f}."
        )
        lines.append("The scores with corrections do not measure the method: people told it some of the answers.")
    return lines
