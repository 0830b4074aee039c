"""`compare FOLDER` scores many settings on held-out models: the leaderboard of the Compare page."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import product
from typing import Any

from shopsim.base.disk.files import write_bytes
from shopsim.base.paths import cache_dir
from shopsim.base.registry import Registry
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Catalog
from shopsim.cli.opening import DEFAULT_TOLD, add_form_argument, describe, open_catalog, told_default
from shopsim.cli.options import add_out_argument, check_out
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.cli.second_extractor import add_second_arguments, check_second
from shopsim.cli.settings import name_in
from shopsim.clusterers import clusterers
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS, features_of
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.leaderboard import FIRST_CLUSTERERS, Row, fill, load_all
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_table import by_score, error_ratios, leaderboard_csv, row_titles

SUMMARY = "Score many settings on held-out models, with baselines beside them."
FILE = "leaderboard.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", metavar="FOLDER", help="labelled photos or vectors, or the word demo")
    for option, registry, more, default in (
        ("--extractors", extractors, (OWN_VECTORS,), DEFAULT_TOLD),
        ("--spaces", spaces, (), "all"),
        ("--clusterers", clusterers, (), ", ".join(FIRST_CLUSTERERS)),
    ):
        kind = _names(registry, *more)
        parser.add_argument(option, metavar="A,B", type=kind, help=f"names with commas between (default: {default})")
    add_second_arguments(parser, "score each setting also with its similarities averaged with")
    add_out_argument(parser, f"write {FILE} into this folder", required=False)
    add_form_argument(parser)
    parser.set_defaults(labels=None, encoding=None, category=None, no_copies=False, contradicted=None)


def run(args: argparse.Namespace) -> Result:
    """Scores the rows; those that were scored before, here or on the page, need no time."""
    if args.out is not None:
        check_out(args.out)
    catalog, started = open_catalog(args), time.monotonic()

    def load(cell: Cell, progress: Progress) -> Features:
        return features_of(catalog, cell.extractor, {}, cache_dir(), progress)

    with ProgressLine("Scoring", unit="") as progress:
        cells = _cells(args, catalog)
        loaded = load_all(cells, load, progress)
        rows = by_score(fill(catalog, cells, loaded, cache_dir(), progress=progress))
    fields = {**describe(catalog), "rows": _fields(rows), "seconds": time.monotonic() - started, "files": []}
    if args.out is not None:
        write_bytes(args.out / FILE, leaderboard_csv(rows))
        fields["files"] = [str((args.out / FILE).absolute())]
    return Result(fields, _lines(rows), catalog.problems)


def _cells(args: argparse.Namespace, catalog: Catalog) -> list[Cell]:
    chosen = args.extractors or [OWN_VECTORS if catalog.vectors_path else told_default()]
    seconds = [check_second(args, name) for name in chosen if name != args.add or len(chosen) == 1]
    found = product(chosen, args.spaces or spaces.names(), args.clusterers or FIRST_CLUSTERERS)
    cells = [Cell(extractor, {}, Recipe(space, {}, clusterer, {})) for extractor, space, clusterer in found]
    added = next(((second.name, second.share) for second in seconds if second is not None), None)
    more = [replace(cell, second=added) for cell in cells if added is not None and cell.extractor != added[0]]
    return [*cells, *more]


def _fields(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return [_row(row, ratio) for row, ratio in zip(rows, error_ratios(rows), strict=True)]


def _row(row: Row, ratio: float | None) -> dict[str, Any]:
    scores, cell = row.scores, row.cell
    fields: dict[str, Any] = {
        "title": row.title or None,
        "extractor": None if row.source is None else row.source.extractor,
        "space": None if cell is None else cell.recipe.space,
        "clusterer": None if cell is None else cell.recipe.clusterer,
        "reason": row.reason or None,
    }
    if cell is not None and cell.second is not None:
        fields |= dict(zip(("added", "share"), cell.second, strict=True))
    if scores is not None:
        fields |= {name: getattr(scores, name) for name in ("ari", "tuned_ari", "precision", "recall")}
        fields |= {name: getattr(scores, name) for name in ("n_groups", "n_models", "n_images", "seconds")}
        fields |= {"interval": (scores.low, scores.high), "error_ratio": ratio}
    return fields


def _lines(rows: Sequence[Row]) -> list[str]:
    lines = ["held-out  95 % interval  tuned  error ratio  setting"]
    for row, ratio in zip(rows, error_ratios(rows), strict=True):
        title = " · ".join(part for part in row_titles(row) if part)
        scores = row.scores
        if scores is None:
            lines.append(f"{'-':>8}  {'-':>13}  {'-':>5}  {'-':>11}  {title}: {row.reason}")
            continue
        tuned = "-" if scores.tuned_ari is None else f"{scores.tuned_ari:z.3f}"
        told = "-" if ratio is None else f"{ratio:.3f}"
        lines.append(f"{scores.ari:z8.3f}  {scores.interval:>13}  {tuned:>5}  {told:>11}  {title}")
    return lines


def _names(registry: Registry[Any], *more: str) -> Callable[[str], list[str]]:
    """Returns the type of an option that takes registered names with commas between."""
    check = name_in(registry, *more)
    return lambda text: list(dict.fromkeys(check(name.strip()) for name in text.split(",")))
