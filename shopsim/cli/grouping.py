"""Makes a grouping and its fields from the options, for `group` and `export`."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog, Problem
from shopsim.cli.corrections_option import check_corrections, with_corrections
from shopsim.cli.costs import add_costs_argument, cost_fields, pairs_of, prices_of
from shopsim.cli.grouping_lines import grouping_lines
from shopsim.cli.never_join_option import add_never_join_option, check_never_join, never_join_fields, with_never_join
from shopsim.cli.opening import add_catalog_arguments, describe, extract, extractor_entry, open_catalog
from shopsim.cli.options import add_out_argument, check_out
from shopsim.cli.result import category_fields, cross_product_fields, score_fields
from shopsim.cli.second_extractor import add_second_arguments, check_second, second_fields
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
from shopsim.cli.without_labels import check_built_in, expected_fields, look
from shopsim.clusterers import clusterers
from shopsim.clusterers.approximate_tree import share_found
from shopsim.features.extractors import extractors
from shopsim.features.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.features.networks.photos_known import n_trained_on
from shopsim.grouping.changed import is_changed
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.fit import fit
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.matching.source import ByRecipe, Source
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.costs import Prices
from shopsim.scoring.cross_product import cross_product_pairs
from shopsim.spaces import spaces
from shopsim.tuning.built_in.opening import BUILT_IN, Blind
from shopsim.tuning.match_as_tuned import AsTuned
from shopsim.tuning.settings import ExtractorUse

GROUPS_NAME = "groups.csv"


@dataclass(frozen=True)
class GroupingResult:
    """A grouping with its fields and lines, as in `Result`, but without the files that are written later.

    blind: what the built-in settings say of the groups; None with labels, where they do not fit, and of groups that a
    never-join rule or corrections changed.
    source: what the groups were made of, for matching new photos with them.
    """

    grouping: Grouping
    source: Source
    fields: dict[str, Any]
    lines: list[str]
    problems: tuple[Problem, ...]
    blind: Blind | None = None


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
    grouping, fields, lines = with_corrections(args, fitted.group(value, tuned_on, strict=args.strict), recipe)
    features = extraction.features
    use = ExtractorUse(extractor.name, settings[0], features.key, features.raw.shape[1])
    notes = () if fitted.added is None else fitted.added.notes
    result = _result(catalog, grouping, use, recipe, (*extraction.problems, *notes), blind, prices)
    parted, told = never_join_fields(grouping)
    return replace(result, fields=result.fields | parted | fields, lines=[*result.lines, *told, *lines])


def make_tuned_grouping(args: argparse.Namespace) -> GroupingResult:
    """Does the same as --tuned-on found it; the fields name the space and clusterer of the largest weight."""
    check_by_hand(args)
    if args.out is not None:
        check_out(args.out)
    catalog = open_catalog(args)
    tuned = as_tuned(args, catalog)
    threshold = None if args.threshold is None else check_threshold(args.threshold, "average", {})
    prices = prices_of(args)
    grouping = tuned.fitted.group(*resolve_threshold(threshold, tuned.fitted))
    recipe = tuned.settings.members[0].candidate.recipe
    problems = (*catalog.problems, *tuned.fitted.features.problems)
    result = _result(catalog, grouping, tuned.settings.extractors[0], recipe, problems, prices=prices)
    source = AsTuned(tuned.fitted, tuned.settings, args.expect_photos)
    return replace(result, fields=result.fields | tuned_fields(tuned), source=source)


def _result(
    catalog: Catalog,
    grouping: Grouping,
    extractor: ExtractorUse,
    recipe: Recipe,
    problems: tuple[Problem, ...],
    blind: Blind | None = None,
    prices: Prices | None = None,
) -> GroupingResult:
    features = grouping.fitted.features
    fields = {
        **describe(catalog),
        "extractor": extractor.name,
        "extractor_settings": dict(extractor.settings),
        "extractor_key": features.key,
        "n_features": features.raw.shape[1],
        **second_fields(grouping.fitted.added),
        "space": recipe.space,
        "space_settings": dict(recipe.space_settings),
        "space_note": grouping.fitted.space_note,
        "neighbours_found": share_found(grouping.fitted.tree),
        "clusterer": recipe.clusterer,
        "clusterer_settings": dict(recipe.clusterer_settings),
        "n_trained_on": _n_trained_on(extractor, grouping),
        **_outcome(grouping),
        **expected_fields(blind, grouping),
    }
    blind = None if is_changed(grouping.fitted) else blind
    fields |= cost_fields(prices, fields, pairs_of(grouping.fitted, blind), grouping.value)
    source = ByRecipe(grouping.fitted, extractor.name, extractor.settings, recipe)
    return GroupingResult(grouping, source, fields, grouping_lines(fields, catalog.reason), problems, blind)


def _n_trained_on(extractor: ExtractorUse, grouping: Grouping) -> int | None:
    """Counts the grouped photos whose models a trained network knows."""
    if extractor.name != FINE_TUNED:
        return None
    digests = [image.digest for image in grouping.fitted.catalog.images]
    return n_trained_on(str(extractor.settings.get("network", "")), digests)


def write_groups(grouping: Grouping, folder: Path, raw: bool, groups: np.ndarray | None = None) -> Path:
    """Writes groups.csv into the folder; groups: (n,) other numbers of the same groups, as those of a kept run."""
    path = folder / GROUPS_NAME
    write_bytes(path, csv_of(grouping, raw=raw, groups=groups))
    return path


def _outcome(grouping: Grouping) -> dict[str, Any]:
    catalog = grouping.fitted.catalog
    control = grouping.fitted.control
    categories = [image.category for image in catalog.images]
    products = [image.product for image in catalog.images]
    return {
        "control": control.kind,
        "measure": control.measure if control.kind == "similarity" else control.kind,
        "threshold": float(grouping.value),
        "tuned_on": grouping.tuned_on,
        "strict": grouping.strict,
        "n_chained": int(grouping.chained().sum()) if grouping.fitted.control.is_a_threshold else None,
        **score_fields(catalog.labels_true, grouping.labels_pred),
        **cross_product_fields(cross_product_pairs(products, catalog.labels_true, grouping.labels_pred)),
        "categories": category_fields(categories, catalog.labels_true, grouping.labels_pred),
    }
