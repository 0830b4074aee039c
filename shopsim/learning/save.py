"""Keeps a trained network, with a card that describes it."""

from __future__ import annotations

from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any

import numpy as np

from shopsim.base.disk.store import array_digest, digest_of
from shopsim.catalog.catalog import Catalog
from shopsim.features.networks.photos_known import photos_behind
from shopsim.features.networks.trained import is_of, read_card, save_network
from shopsim.learning.network.backbone import Backbone
from shopsim.learning.network.learner import LearntNetwork
from shopsim.learning.prepare import NETWORK
from shopsim.learning.task import Task
from shopsim.scoring.folds import Fold
from shopsim.tuning.settings import plain_name


def keep_network(
    task: Task,
    key: str,
    catalog: Catalog,
    learnt: LearntNetwork,
    backbone: Backbone,
    fold: Fold,
    features_key: str,
) -> str:
    """Saves the network, unless the very same one is kept already, and returns its name.

    features_key: of the extractor that training started from; that may be a network that was trained here.
    """
    digest = digest_of(key, backbone.stem.key, *(array_digest(array) for array in learnt.weights))
    name = task.name or f"{plain_name(catalog.name) or 'catalog'}-{digest[:8]}"
    again = is_of(name, key)
    if again and read_card(name).get("digest") == digest:
        return name
    card = _card(task, key, digest, catalog, learnt, backbone, fold, features_key)
    # The same task again has trained longer, or on other edits of the photos, so the new network replaces the old one.
    save_network(backbone.trained(learnt.weights), name, card, again)
    return name


def _card(
    task: Task,
    key: str,
    digest: str,
    catalog: Catalog,
    learnt: LearntNetwork,
    backbone: Backbone,
    fold: Fold,
    features_key: str,
) -> dict[str, Any]:
    counts = np.unique(catalog.labels_true[fold.tuning], return_counts=True)[1]
    return {
        "what": NETWORK,
        "key": key,
        "digest": digest,
        "catalog": catalog.name,
        "parent": task.extractor,
        "depth": task.depth,
        "architecture": backbone.architecture.name,
        "parent_settings": dict(task.extractor_settings),
        # The network also knows the photos that its parent was trained on.
        "photos": sorted({catalog.images[row].digest[:16] for row in fold.tuning} | photos_behind(features_key)),
        "models": sorted({catalog.images[row].model for row in fold.tuning}),
        "n_images": int(counts.sum()),
        "n_models": len(counts),
        "side": backbone.stem.side,
        "n_features": backbone.n_features,
        "made": datetime.now(UTC).isoformat(timespec="seconds"),
        "versions": {package: version(package) for package in ("tensorflow", "keras", "numpy")},
        "told": learnt.told,
        **learnt.card,
    }
