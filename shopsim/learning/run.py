"""Runs a whole learning: trains, keeps the result with settings that use it, and compares on held-out models."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.paths import networks_dir
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.features.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.features.networks.photos_known import check_unseen
from shopsim.features.networks.trained import add_to_card
from shopsim.grouping.companions import views_of
from shopsim.learning.compare import Chosen, Comparison, Side, choose, compare, fold_to_learn
from shopsim.learning.network.learner import NetworkLearner
from shopsim.learning.network.passes import PassScore
from shopsim.learning.prepare import learner_for
from shopsim.learning.save import keep_network
from shopsim.learning.task import Task
from shopsim.scoring.folds import Fold
from shopsim.tuning.apply import known_by
from shopsim.tuning.learner import Learnt
from shopsim.tuning.settings import ExtractorUse, TunedSettings
from shopsim.tuning.settings_files import save_settings


@dataclass(frozen=True, eq=False)
class Learning:
    """The result of a learning.

    network: its name, None for a metric; settings: name of the tuned settings that use it.
    held_out: before and after on the held-out models as plain values, None if there are none.
    """

    told: str
    network: str | None
    settings: str
    n_images: int
    n_models: int
    card: Mapping[str, Any]
    held_out: dict[str, Any] | None
    files: list[str] = field(default_factory=list)


@dataclass(frozen=True, eq=False)
class _Photos:
    """The photos that take part, with their features in the same order; the fold says which are held out."""

    catalog: Catalog
    features: Features
    added: dict[str, Features]
    fold: Fold

    @property
    def labels(self) -> np.ndarray:
        """(n,) models of the photos that are learnt from."""
        return self.catalog.labels_true[self.fold.tuning]

    @property
    def n_to_group(self) -> int:
        """For how many photos the settings are chosen: as many as are held out, or else a fifth."""
        return len(self.fold.held_out) or max(1, len(self.labels) // 5)


def learn(
    task: Task,
    key: str,
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    cache: Path,
    phase: Callable[[str], Progress],
    on_score: Callable[[PassScore], None] = lambda score: None,
) -> Learning:
    """Learns, keeps the network and the settings that use it, and compares on held-out models.

    key: the task's key, for the whole catalogue. catalog: exactly the photos of `features` and of those added by
    extractor, in their order; photos that are neither learnt from nor held out take no part. phase: is called with
    what is done next, and returns the progress for it. Raises ShopsimError as `check_task` does, and if the features
    come from a network that was trained on some of these photos.
    """
    photos, store = _taking_part(task, catalog, features, added), Store(cache)
    given = (photos.catalog, photos.features, photos.added, task.extractor, task.extractor_settings, cache)
    preparing = phase("Preparing photos and edited views of them")
    learner = learner_for(task.what, *given, task.seconds, task.depth, preparing)
    if isinstance(learner, NetworkLearner):
        learner = replace(learner, on_score=on_score)
    learnt = learner.learn(photos.fold.tuning, photos.labels, photos.n_to_group, 0, phase("Learning"))
    network = None
    if isinstance(learner, NetworkLearner):
        network = keep_network(task, key, photos.catalog, learnt, learner.backbone, photos.fold, photos.features.key)
    uses = _uses(task, network, photos.features, photos.added)
    known = known_by(photos.catalog, photos.features, task.extractor)
    choosing = phase("Choosing how to group by it")
    chosen = choose(
        learnt, photos.catalog, photos.fold, uses, known, photos.n_to_group, 0, task.seconds, choosing, store
    )
    comparison = _compare(task, photos, learnt, chosen, phase, store) if task.hold_out else None
    return _kept(photos, learnt, network, chosen.settings, comparison)


def _taking_part(task: Task, catalog: Catalog, features: Features, added: Mapping[str, Features]) -> _Photos:
    both = np.concatenate(fold_to_learn(catalog, task.hold_out).parts)
    catalog = catalog.subset([catalog.image_ids[row] for row in both])
    check_unseen(features.key, [image.digest for image in catalog.images])
    others = {name: other.of(catalog.image_ids) for name, other in added.items()}
    return _Photos(catalog, features.of(catalog.image_ids), others, fold_to_learn(catalog, task.hold_out))


def _compare(
    task: Task, photos: _Photos, learnt: Learnt, chosen: Chosen, phase: Callable[[str], Progress], store: Store
) -> Comparison:
    comparing = phase("Comparing on held-out models")
    plain = views_of(task.extractor, photos.features, photos.added)
    given = (np.asarray(photos.features.raw), photos.catalog, photos.fold, 0, task.seconds)
    return compare(learnt, chosen, plain, *given, comparing, store)


def _kept(
    photos: _Photos, learnt: Learnt, network: str | None, settings: TunedSettings, comparison: Comparison | None
) -> Learning:
    """Saves the settings, and writes them and the comparison into the network's card."""
    if comparison is not None:
        scores = _scores(comparison, len(photos.fold.held_out))
        settings = replace(settings, scores={**settings.scores, **scores})
    folder = save_settings(settings)
    files = [str(folder.absolute())] + ([str((networks_dir() / network).absolute())] if network else [])
    held_out = None if comparison is None else _plain(comparison, photos.catalog)
    if network:
        add_to_card(network, {"settings": folder.name, "held_out": held_out})
    n_models = len(np.unique(photos.labels))
    return Learning(learnt.told, network, folder.name, len(photos.labels), n_models, learnt.card, held_out, files)


def _uses(task: Task, network: str | None, features: Features, added: Mapping[str, Features]) -> list[ExtractorUse]:
    """Returns the extractors in the order of the views."""
    own = ExtractorUse(task.extractor, dict(task.extractor_settings), features.key, features.raw.shape[1])
    others = [ExtractorUse(name, {}, other.key, other.raw.shape[1]) for name, other in added.items()]
    if network is None:
        return [own, *others]
    made = extractors.create(FINE_TUNED, network=network)
    return [ExtractorUse(FINE_TUNED, {"network": network}, made.key, made.n_features), own, *others]


def _scores(comparison: Comparison, n_photos: int) -> dict[str, float]:
    low, high = comparison.after.interval
    found = {"held_out": comparison.after.ari, "low": low, "high": high, "baseline": comparison.baseline_ari}
    found["held_out_photos"] = float(n_photos)
    # Of very few models no interval can be told.
    return {name: value for name, value in found.items() if math.isfinite(value)}


def _plain(comparison: Comparison, catalog: Catalog) -> dict[str, Any]:
    """Returns the comparison as plain values, with the group of each held-out photo."""
    return {
        "n_images": len(comparison.rows),
        "n_models": comparison.n_models,
        "baseline_ari": comparison.baseline_ari,
        "before": _side(comparison.before),
        "after": _side(comparison.after),
        "image_ids": [catalog.image_ids[row] for row in comparison.rows],
    }


def _side(side: Side) -> dict[str, Any]:
    # Of very few models no interval can be told.
    low, high = (value if math.isfinite(value) else None for value in side.interval)
    return {
        "ari": side.ari,
        "low": low,
        "high": high,
        "recall_at_1": side.recall_at_1,
        "labels_pred": side.labels_pred.tolist(),
    }
