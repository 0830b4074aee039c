"""The whole of a learning: what to learn is checked, learnt, kept with settings that group by it, and compared."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from shopsim import ShopsimError
from shopsim.catalog import Catalog
from shopsim.companions import views_of
from shopsim.extractors import extractors
from shopsim.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.extractors.weights import obtain, why_unavailable
from shopsim.features import Features
from shopsim.folds import MIN_MODELS, Fold
from shopsim.learning.backbone import Backbone
from shopsim.learning.depth import MOST, layer_of
from shopsim.learning.learn import Comparison, Side, choose, compare, fold_to_learn
from shopsim.learning.network import LearntNetwork, NetworkLearner
from shopsim.learning.passes import PassScore
from shopsim.learning.starting import NETWORK, check_network, learner_for
from shopsim.progress import Progress
from shopsim.registry import Value
from shopsim.store import Store, array_digest, digest_of
from shopsim.trained_networks import (
    add_to_card,
    check_name,
    names,
    networks_dir,
    read_card,
    remove_network,
    save_network,
)
from shopsim.tuned_files import save_settings
from shopsim.tuned_settings import ExtractorUse, plain_name
from shopsim.tuning import known_by


@dataclass(frozen=True)
class Task:
    """What to learn.

    seconds: for the training, and for each search of Auto's after it; name: of the network, '' for one from the
    catalogue's. depth: how much of a network is trained, a name of DEPTHS.
    """

    what: str
    extractor: str
    extractor_settings: Mapping[str, Value]
    seconds: float
    name: str = ""
    hold_out: bool = True
    depth: str = MOST

    def key(self, catalog: Catalog) -> str:
        """Of all that changes what is learnt, but for the time."""
        labels = [image.model for image in catalog.images]
        settings = sorted(self.extractor_settings.items())
        depth = self.depth if self.what == NETWORK else ""
        return digest_of(self.what, self.extractor, settings, self.hold_out, depth, catalog.digest, labels)

    @property
    def asked(self) -> dict[str, Any]:
        """What a person has chosen of it, as plain values."""
        return {
            "extractor": self.extractor,
            "extractor_settings": dict(self.extractor_settings),
            "minutes": self.seconds / 60,
            "name": self.name,
            "hold_out": self.hold_out,
            "depth": self.depth,
        }


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


def check_task(task: Task, catalog: Catalog, may_fetch: bool = False) -> None:
    """Raises ShopsimError before anything is started: no labels, too few models or photos, no weights, a taken name.

    may_fetch: weights that are not on this machine are fetched, which takes its time, instead of refused.
    """
    fold = fold_to_learn(catalog, task.hold_out)
    n_telling = int((np.unique(catalog.labels_true[fold.tuning], return_counts=True)[1] > 1).sum())
    if n_telling < 2 * MIN_MODELS:
        left = " left when some are held out" if task.hold_out else ""
        raise ShopsimError(
            f"'{catalog.name}' has {n_telling} models of two or more photos{left}; learning needs {2 * MIN_MODELS}, "
            f"{MIN_MODELS} to learn from and {MIN_MODELS} to judge by"
            + ("; learn from all models, or label more." if task.hold_out else "; label more.")
        )
    if task.what == NETWORK:
        check_network(task.extractor)
        layer_of(task.depth)
        if task.name and not _is_its_own(task.name, task.key(catalog)):
            check_name(task.name)
        if may_fetch:
            obtain(task.extractor, **task.extractor_settings)
            return
        missing = why_unavailable(task.extractor, **task.extractor_settings)
        if missing:
            raise ShopsimError(missing)


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
    those added by extractor. phase: is told what is being done, and gives the progress of that. Raises ShopsimError
    as `check_task` and what it calls do.
    """
    fold = fold_to_learn(catalog, task.hold_out)
    store, labels = Store(cache), catalog.labels_true[fold.tuning]
    n_to_group = len(fold.held_out) or max(1, len(labels) // 5)
    learner = learner_for(
        task.what,
        catalog,
        features,
        added,
        task.extractor,
        task.extractor_settings,
        cache,
        task.seconds,
        task.depth,
        phase("Preparing photos and edited views of them"),
    )
    if isinstance(learner, NetworkLearner):
        learner = replace(learner, on_score=on_score)
    learnt = learner.learn(fold.tuning, labels, n_to_group, 0, phase("Learning"))
    network = None
    if isinstance(learner, NetworkLearner):
        network = _keep_network(task, key, catalog, learnt, learner.backbone, fold)
    uses = _uses(task, network, features, added)
    chosen = choose(
        learnt,
        catalog,
        fold,
        uses,
        known_by(catalog, features, task.extractor),
        n_to_group,
        seconds=task.seconds,
        progress=phase("Choosing how to group by it"),
        store=store,
    )
    settings, comparison = chosen.settings, None
    if task.hold_out:
        plain = views_of(task.extractor, features, added)
        comparison = compare(
            learnt,
            chosen,
            plain,
            features.raw,
            catalog,
            fold,
            seconds=task.seconds,
            progress=phase("Comparing on held-out models"),
            store=store,
        )
        settings = replace(settings, scores={**settings.scores, **_scores(comparison, len(fold.held_out))})
    folder = save_settings(settings)
    files = [str(folder.absolute())] + ([str((networks_dir() / network).absolute())] if network else [])
    held_out = None if comparison is None else _plain(comparison, catalog)
    if network:
        add_to_card(network, {"settings": folder.name, "held_out": held_out})
    return Learning(
        learnt.told, network, folder.name, len(labels), len(np.unique(labels)), learnt.card, held_out, files
    )


def _is_its_own(name: str, key: str) -> bool:
    """Whether the network of that name is one that the same task has kept before."""
    return name in names() and read_card(name).get("key") == key


def _keep_network(task: Task, key: str, catalog: Catalog, learnt: LearntNetwork, backbone: Backbone, fold: Fold) -> str:
    """Save the network, unless the very same one is there; its name."""
    digest = digest_of(key, backbone.stem.key, *(array_digest(array) for array in learnt.weights))
    name = task.name or f"{plain_name(catalog.name) or 'catalog'}-{digest[:8]}"
    if _is_its_own(name, key):
        if read_card(name).get("digest") == digest:
            return name
        # The same task with more time: its better weights take the place.
        remove_network(name)
    counts = np.unique(catalog.labels_true[fold.tuning], return_counts=True)[1]
    card = {
        "what": NETWORK,
        "key": key,
        "digest": digest,
        "catalog": catalog.name,
        "parent": task.extractor,
        "depth": task.depth,
        "parent_settings": dict(task.extractor_settings),
        "photos": sorted({catalog.images[row].digest[:16] for row in fold.tuning}),
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
    save_network(backbone.trained(learnt.weights), name, card)
    add_to_card(name, {"features": extractors.create(FINE_TUNED, network=name).key})
    return name


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
