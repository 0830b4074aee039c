"""The whole of a learning: what was asked is learnt, kept with settings that group by it, and compared with before."""

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
from shopsim.learning.compare import Comparison, Side, choose, compare, fold_to_learn
from shopsim.learning.network.learner import NetworkLearner
from shopsim.learning.network.passes import PassScore
from shopsim.learning.prepare import learner_for
from shopsim.learning.save import keep_network
from shopsim.learning.task import Task
from shopsim.tuning.apply import known_by
from shopsim.tuning.settings import ExtractorUse
from shopsim.tuning.settings_files import save_settings


@dataclass(frozen=True, eq=False)
class Learning:
    """What came of it. network: its name, None for a metric; settings: name of the tuned settings that group by it.

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
    """Learn, keep what was learnt and settings that group by it, and compare on held-out models.

    key: the task's, of the whole catalogue. catalog: of exactly the photos of `features`, in their order, as are
    those added by extractor; those neither learnt from nor held out take no part. phase: is told what is being done,
    and gives the progress of that. Raises ShopsimError as `check_task` and what it calls do, and if the features are
    of a network that was trained here on some of the photos.
    """
    both = np.concatenate(fold_to_learn(catalog, task.hold_out).parts)
    catalog = catalog.subset([catalog.image_ids[row] for row in both])
    check_unseen(features.key, [image.digest for image in catalog.images])
    features = features.of(catalog.image_ids)
    added = {name: other.of(catalog.image_ids) for name, other in added.items()}
    fold = fold_to_learn(catalog, task.hold_out)
    store, labels = Store(cache), catalog.labels_true[fold.tuning]
    n_to_group = len(fold.held_out) or max(1, len(labels) // 5)
    given = (catalog, features, added, task.extractor, task.extractor_settings, cache, task.seconds, task.depth)
    learner = learner_for(task.what, *given, phase("Preparing photos and edited views of them"))
    if isinstance(learner, NetworkLearner):
        learner = replace(learner, on_score=on_score)
    learnt = learner.learn(fold.tuning, labels, n_to_group, 0, phase("Learning"))
    network = None
    if isinstance(learner, NetworkLearner):
        network = keep_network(task, key, catalog, learnt, learner.backbone, fold, features.key)
    uses, known = _uses(task, network, features, added), known_by(catalog, features, task.extractor)
    choosing = phase("Choosing how to group by it")
    chosen = choose(learnt, catalog, fold, uses, known, n_to_group, 0, task.seconds, choosing, store)
    settings, comparison = chosen.settings, None
    if task.hold_out:
        comparing = phase("Comparing on held-out models")
        plain = views_of(task.extractor, features, added)
        comparison = compare(learnt, chosen, plain, features.raw, catalog, fold, 0, task.seconds, comparing, store)
        settings = replace(settings, scores={**settings.scores, **_scores(comparison, len(fold.held_out))})
    folder = save_settings(settings)
    files = [str(folder.absolute())] + ([str((networks_dir() / network).absolute())] if network else [])
    held_out = None if comparison is None else _plain(comparison, catalog)
    if network:
        add_to_card(network, {"settings": folder.name, "held_out": held_out})
    return Learning(
        learnt.told, network, folder.name, len(labels), len(np.unique(labels)), learnt.card, held_out, files
    )


def _uses(task: Task, network: str | None, features: Features, added: Mapping[str, Features]) -> list[ExtractorUse]:
    """In the order of the views of what was learnt."""
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
    """The comparison as plain values, with the groups of each held-out photo."""
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
