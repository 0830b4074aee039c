"""Makes a grouping and its fields from the options, for `group` and `export`."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.cli.corrections_option import check_corrections, with_corrections
from shopsim.cli.costs import add_costs_argument, prices_of
from shopsim.cli.grouping_result import GroupingResult, result_of
from shopsim.cli.never_join_option import add_never_join_option, check_never_join, never_join_fields, with_never_join
from shopsim.cli.opening import add_catalog_arguments, extract, extractor_entry, open_catalog
from shopsim.cli.options import add_out_argument, check_out
from shopsim.cli.second_extractor import add_second_arguments, check_second
from shopsim.cli.settings import add_setting_options, chosen_settings, name_in
from shopsim.cli.threshold import (
    add_expected_argument,
    add_threshold_argument,
    check_expected,
    check_labels,
    check_threshold,
    expected_threshold,
    resolve_threshold,
)
from shopsim.cli.tuned_on import as_tuned, check_by_hand, tuned_fields
from shopsim.cli.without_labels import check_built_in, look
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.corrections.fit_bound import fit_bound
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.fit import fit
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.built_in.opening import BUILT_IN
from shopsim.tuning.match_as_tuned import AsTuned
from shopsim.tuning.settings import ExtractorUse

GROUPS_NAME = "groups.csv"


def add_grouping_arguments(
    parser: argparse.ArgumentParser, out: str, out_required: bool = True, metavar: str = "DIR"
) -> None:
    """Adds FOLDER and the options on how to group it; out, metavar: help and value of --out."""
    add_catalog_arguments(parser)
    add_second_arguments(parser)
    for name, registry, default in (("space", spaces, Recipe.space), ("clusterer", clusterers, Recipe.clusterer)):
        known = ", ".join(sorted(registry.names()))
        parser.add_argument(
            f"--{name}", metavar="NAME", type=name_in(registry), default=default, help=f"one of {known} ({default})"
        )
    add_threshold_argument(parser)
    add_expected_argument(parser)
    add_never_join_option(parser)
    parser.add_argument("--raw", action="store_true", help="leave cells that a spreadsheet would run as they are")
    add_out_argument(parser, out, out_required, metavar)
    add_costs_argument(parser)
    add_setting_options(parser, extractors, spaces, clusterers)


def make_grouping(args: argparse.Namespace, engine: Engine = HERE) -> GroupingResult:
    """Does everything from the folder to the grouping; what is wrong in the options is said before the long work."""
    extractor, space, clusterer = extractor_entry(args), spaces.entry(args.space), clusterers.entry(args.clusterer)
    settings = chosen_settings(args, [extractor, space, clusterer])
    threshold = check_threshold(args.threshold, clusterer.name, settings[2], args.strict)
    check_expected(args)
    check_corrections(args)
    prices = prices_of(args)
    check_never_join(args)
    second = check_second(args, extractor.name)
    if args.out is not None:
        check_out(args.out)
    recipe = Recipe(space.name, settings[1], clusterer.name, settings[2])
    if threshold == BUILT_IN:
        check_built_in(extractor.name, recipe, is_alone=second is None)
    catalog = open_catalog(args)
    check_labels(threshold, catalog)
    check_never_join(args, catalog)
    extraction = extract(catalog, extractor, settings[0], engine)
    added = None if second is None else second.features_of(catalog, engine)
    fitted = fit(catalog, extraction.features, recipe, Store(cache_dir()), added=added, engine=engine)
    blind = None
    if threshold == BUILT_IN or catalog.labels_true is None:
        blind = look(extractor.name, recipe, fitted, needed=threshold == BUILT_IN)
    fitted = with_never_join(args, fitted, recipe)
    if args.expect_photos is None:
        value, tuned_on = resolve_threshold(threshold, fitted, blind)
    else:
        value, tuned_on = expected_threshold(args.expect_photos, fitted, blind)
    measured, store = fitted.group(value, tuned_on, strict=args.strict), Store(cache_dir())
    rebound = with_corrections(args, measured, lambda bound: fit_bound(fitted, recipe, bound, store))
    features = extraction.features
    use = ExtractorUse(extractor.name, settings[0], features.key, features.raw.shape[1])
    notes = () if fitted.added is None else fitted.added.notes
    result = result_of(catalog, rebound, use, recipe, (*extraction.problems, *notes), blind, prices)
    parted, told = never_join_fields(rebound.grouping)
    return replace(result, fields=result.fields | parted, lines=[*result.lines, *told])


def make_tuned_grouping(args: argparse.Namespace) -> GroupingResult:
    """Does the same as --tuned-on found it; the fields name the space and clusterer of the largest weight."""
    check_by_hand(args)
    check_never_join(args)
    if args.out is not None:
        check_out(args.out)
    catalog = open_catalog(args)
    tuned = as_tuned(args, catalog)
    threshold = None if args.threshold is None else check_threshold(args.threshold, "average", {})
    prices = prices_of(args)
    measured = tuned.fitted.group(*resolve_threshold(threshold, tuned.fitted))
    # Of a training catalogue, the settings that were just found: nothing is tuned twice.
    found = argparse.Namespace(**{**vars(args), "tuned_on": tuned.place})
    rebound = with_corrections(args, measured, lambda bound: as_tuned(found, catalog, bound).fitted)
    recipe = tuned.settings.members[0].candidate.recipe
    problems = (*catalog.problems, *tuned.fitted.features.problems)
    result = result_of(catalog, rebound, tuned.settings.extractors[0], recipe, problems, prices=prices)
    source = AsTuned(tuned.fitted, tuned.settings, args.expect_photos)
    return replace(result, fields=result.fields | tuned_fields(tuned), source=source)


def write_groups(grouping: Grouping, folder: Path, raw: bool, groups: np.ndarray | None = None) -> Path:
    """Writes groups.csv into the folder; groups: (n,) other numbers of the same groups, as those of a kept run."""
    path = folder / GROUPS_NAME
    write_bytes(path, csv_of(grouping, raw=raw, groups=groups))
    return path
