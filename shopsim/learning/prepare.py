"""Prepares a learning: finds the weights, and computes the activations of the network's frozen part."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.features.extractors.kept import kept_extractor
from shopsim.features.networks.precision import NAME as PRECISION
from shopsim.features.networks.wanted import is_network
from shopsim.features.networks.weights import obtain
from shopsim.grouping.companions import views_of
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning.metric import MetricLearner
from shopsim.learning.network.activations import activations_of
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.backbone import Backbone, backbone_from
from shopsim.learning.network.depth import MOST
from shopsim.learning.network.engine import recipe_for
from shopsim.learning.network.learner import NetworkLearner
from shopsim.tuning.learner import Learner

METRIC, NETWORK = "metric", "network"
"""The kinds of learning."""
BUDGET_MINUTES = 20.0


def learner_for(
    what: str,
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    extractor: str,
    settings: Mapping[str, Value],
    cache: Path,
    seconds: float | None = None,
    depth: str = MOST,
    progress: Progress = silent,
) -> Learner:
    """Makes the learner of a METRIC or a NETWORK for a catalogue of exactly the photos of `features`.

    added: features of companions, by name. depth: of DEPTHS, how much of a network is trained. seconds: for each
    `learn`. progress: counts photos times views. Raises ShopsimError if a network is to be learnt and the extractor is
    none of ARCHITECTURES, or its weights cannot be had.
    """
    if what == METRIC:
        return MetricLearner(views_of(extractor, features, added))
    backbone = backbone_of(extractor, settings, depth)
    recipe = recipe_for(backbone)
    activations = activations_of(catalog, backbone.stem, recipe.n_views, cache, progress)
    others = views_of(extractor, features, added)
    return NetworkLearner(catalog, others, backbone, activations, cache, recipe, seconds)


def backbone_of(extractor: str, settings: Mapping[str, Value], depth: str) -> Backbone:
    """Returns the extractor's network in two parts. Raises ShopsimError as `learner_for` does."""
    check_network(extractor)
    # Training starts from float32; int8 could not start without a catalogue.
    named = {name: value for name, value in settings.items() if name != PRECISION}
    made, weights = kept_extractor(extractor, named), obtain(extractor, **settings)
    side, known = made.image_size[0], ARCHITECTURES.get(extractor)
    if known is not None and known.weights:
        return Backbone(known, known.build(side), known.weights, depth)
    return backbone_from(weights, side, made.n_features, depth)


def check_network(extractor: str) -> None:
    """Raises ShopsimError if the extractor has no network that can be trained."""
    if extractor == FINE_TUNED:
        raise ShopsimError(
            f"'{extractor}' was trained here already; learn from the network it was trained from, by more models or in "
            "more time."
        )
    if extractor == OWN_VECTORS or not is_network(extractor):
        raise ShopsimError(
            f"'{extractor}' is no network, so there is nothing to train; choose an extractor that is one, "
            "efficientnet_lite0 for example, or learn a metric."
        )
