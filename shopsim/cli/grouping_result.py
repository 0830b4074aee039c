"""A grouping with its fields and lines, for every command that makes one."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from shopsim.catalog.catalog import Catalog, Problem
from shopsim.cli.corrections_option import Rebound
from shopsim.cli.costs import cost_fields, pairs_of
from shopsim.cli.grouping_lines import grouping_lines
from shopsim.cli.opening import describe
from shopsim.cli.result import category_fields, cross_product_fields, score_fields
from shopsim.cli.second_extractor import second_fields
from shopsim.cli.without_labels import expected_fields
from shopsim.clusterers.approximate_tree import share_found
from shopsim.features.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.features.networks.photos_known import n_trained_on
from shopsim.grouping.changed import is_changed
from shopsim.grouping.corrections.used import Applied
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.source import ByRecipe, Source
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.costs import Prices
from shopsim.scoring.cross_product import cross_product_pairs
from shopsim.tuning.built_in.opening import Blind
from shopsim.tuning.settings import ExtractorUse


@dataclass(frozen=True)
class GroupingResult:
    """A grouping with its fields and lines, as in `Result`, but without the files that are written later.

    blind: what the built-in settings say of the groups; None with labels, where they do not fit, and of groups that a
    never-join rule or corrections changed.
    source: what the groups were made of, for matching new photos with them. applied: the corrections that the groups
    respect, None without any.
    """

    grouping: Grouping
    source: Source
    fields: dict[str, Any]
    lines: list[str]
    problems: tuple[Problem, ...]
    blind: Blind | None = None
    applied: Applied | None = None

    @property
    def measured(self) -> Grouping:
        """The groups without corrections, which measure the method."""
        return self.grouping if self.applied is None else self.applied.measured


def result_of(
    catalog: Catalog,
    rebound: Rebound,
    extractor: ExtractorUse,
    recipe: Recipe,
    problems: tuple[Problem, ...],
    blind: Blind | None = None,
    prices: Prices | None = None,
) -> GroupingResult:
    """Returns the result of groups with or without corrections.

    Nothing is estimated of groups that corrections changed; the threshold of the least cost is that without them.
    """
    grouping, measured = rebound.grouping, rebound.measured
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
    fields |= cost_fields(prices, fields, pairs_of(measured.fitted, blind), grouping.value)
    source = ByRecipe(grouping.fitted, extractor.name, extractor.settings, recipe)
    lines = [*grouping_lines(fields, catalog.reason), *rebound.lines]
    if rebound.applied is not None and fields.get("costs", {}).get("best_threshold") is not None:
        lines.append("The threshold of the least cost is that of the groups without corrections.")
    return GroupingResult(grouping, source, fields | rebound.fields, lines, problems, blind, rebound.applied)


def _n_trained_on(extractor: ExtractorUse, grouping: Grouping) -> int | None:
    """Counts the grouped photos whose models a trained network knows."""
    if extractor.name != FINE_TUNED:
        return None
    digests = [image.digest for image in grouping.fitted.catalog.images]
    return n_trained_on(str(extractor.settings.get("network", "")), digests)


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
