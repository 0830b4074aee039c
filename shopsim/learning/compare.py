"""Chooses settings for what was trained, and compares the grouping with the one before on held-out models."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.scoring.bootstrap import ari_interval
from shopsim.scoring.confusion import contingency
from shopsim.scoring.contest_baseline import baseline_labels
from shopsim.scoring.evaluation import evaluate
from shopsim.scoring.folds import Fold, model_folds, split_fold
from shopsim.scoring.retrieval import retrieval
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.held_out import HELD_OUT
from shopsim.tuning.held_out_fold import FoldAtHand, Ours
from shopsim.tuning.learner import Learnt
from shopsim.tuning.search import Search, search
from shopsim.tuning.settings import ExtractorUse, TunedSettings
from shopsim.tuning.tune import labelled_rows, photos_tuned_on, settings_of
from shopsim.tuning.validation import Views

HELD_OUT_PARTS = 5
"""One part of so many of the models is held out to compare on."""


@dataclass(frozen=True, eq=False)
class Side:
    """The held-out photos, grouped before or after learning.

    interval: 95 % interval of `ari`, by a bootstrap over models; recall_at_1: in the space with the largest weight;
    labels_pred: (n,) groups.
    """

    ari: float
    interval: tuple[float, float]
    recall_at_1: float
    labels_pred: np.ndarray


@dataclass(frozen=True, eq=False)
class Comparison:
    """Before and after on held-out models; Auto chose both sides on the others. rows: the held-out photos."""

    rows: np.ndarray
    before: Side
    after: Side
    baseline_ari: float
    n_models: int


def fold_to_learn(catalog: Catalog, hold_out: bool, seed: int = 0) -> Fold:
    """Says which models are learnt from, and which are held out to compare on (none if not hold_out).

    Held out is the catalogue's own test part if no model stands in two parts, else a fifth of the models.
    Raises ShopsimError without labels, or with too few models of two or more photos.
    """
    labelled = labelled_rows(catalog, "learning")
    if not hold_out:
        return Fold(labelled, np.empty(0, np.int64))
    return own_fold(catalog) or model_folds(catalog.labels_true, HELD_OUT_PARTS, seed)[0]


def own_fold(catalog: Catalog) -> Fold | None:
    """Returns the catalogue's own training and test part; None if it has none, or a model stands in both."""
    return split_fold(catalog.labels_true, [image.split for image in catalog.images])[0]


@dataclass(frozen=True, eq=False)
class Chosen:
    """The settings that Auto chose after learning. views: of the tuning models' photos; settings: for other photos."""

    found: Search
    views: Views
    settings: TunedSettings


def choose(
    learnt: Learnt,
    catalog: Catalog,
    fold: Fold,
    uses: Sequence[ExtractorUse],
    known_by: Sequence[str],
    n_to_group: int,
    seed: int = 0,
    seconds: float | None = None,
    progress: Progress = silent,
    store: Store | None = None,
) -> Chosen:
    """Lets Auto choose settings for the network or metric that was learnt from the fold's tuning models.

    uses: of the views, in their order; known_by: the mark of each photo of the catalogue, as `known_by` returns it.
    """
    labels = catalog.labels_true[fold.tuning]
    views = learnt.views(fold.tuning)
    found = search(views, labels, n_to_group, learnt.candidates, seed, seconds, progress, store, learnt.validation)
    on = photos_tuned_on(catalog.name, labels, [known_by[row] for row in fold.tuning])
    # No calibration: pairs of the models that were learnt from would make it promise too much.
    return Chosen(found, views, settings_of(found, uses, on, views, labels, None))


def compare(
    learnt: Learnt,
    chosen: Chosen,
    plain: Views,
    raw: np.ndarray,
    catalog: Catalog,
    fold: Fold,
    seed: int = 0,
    seconds: float | None = None,
    progress: Progress = silent,
    store: Store | None = None,
) -> Comparison:
    """Groups the fold's held-out models as Auto chooses without learning, and as it chose after learning.

    plain: views of all photos, the main extractor's first; raw: (n, d) its features, not normalised, for the baseline.
    """
    at_hand = FoldAtHand(plain, catalog.labels_true, fold, seed, store)
    before = at_hand.auto(auto_candidates(list(plain)[1:]), seconds, progress)
    truth, held_out = at_hand.truth, fold.held_out
    after = at_hand.grouped(chosen.found, chosen.views, learnt.views(held_out))
    baseline = baseline_labels(raw[held_out], at_hand.photos_per_model, seed, store)
    return Comparison(
        held_out,
        _side(before, truth, seed),
        _side(after, truth, seed),
        evaluate(truth, baseline, HELD_OUT).ari,
        len(np.unique(truth)),
    )


def _side(ours: Ours, truth: np.ndarray, seed: int) -> Side:
    ari = evaluate(truth, ours.labels_pred, HELD_OUT).ari
    interval = ari_interval([contingency(truth, ours.labels_pred)], seed)
    return Side(ari, interval, retrieval(ours.rows, truth).recall_at_1, ours.labels_pred)
