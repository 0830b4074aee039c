"""Compares Auto with the setting that it would replace, on the same folds of held-out models."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress, part_of, say, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.companions import views_of
from shopsim.scoring.bootstrap import Gain
from shopsim.scoring.evaluation import evaluate
from shopsim.scoring.folds import Fold
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.comparison import Comparison
from shopsim.tuning.control_values import best_value
from shopsim.tuning.fused_rows import FusedRows
from shopsim.tuning.held_out import HELD_OUT, HeldOut, held_out
from shopsim.tuning.learner import Learner
from shopsim.tuning.level_cuts import tree_of
from shopsim.tuning.outer_folds import folds_of
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.tune import labelled_rows
from shopsim.tuning.tuned_groups import consensus
from shopsim.tuning.validation import Views, with_unnormalised


def compare(
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    settings: TunedSettings,
    current: Candidate,
    seconds: float | None = None,
    progress: Progress = silent,
    store: Store | None = None,
    candidates: Sequence[Candidate] | None = None,
    learner: Learner | None = None,
) -> tuple[HeldOut, Comparison]:
    """Auto's scores on held-out models, and how they compare with those of the current setting and of the baseline.

    settings: what Auto found on all photos; in each fold it searches anew. current: cut level at the threshold that is
    best for the fold's tuning models; features of its extractors are among those given. seconds: for the searches of
    all folds together. The other arguments are those of `held_out`, which also says what is raised.
    """
    main, labels = settings.main, catalog.labels_true
    views = views_of(main, features, added)
    n_folds = len(folds_of(catalog)[0])
    total = 3 * len(catalog.images)
    parts = [part_of(progress, len(catalog.images) * place, len(catalog.images), total) for place in range(3)]
    say(progress, "scoring the current setting on held-out models")
    rows = FusedRows(views, labels, current)
    theirs = held_out(catalog, features, [current.recipe], progress=parts[0], main=main, rows=rows)
    say(progress, "searching again on some models, scoring on the others")
    ours = held_out(
        catalog,
        features,
        candidates,
        progress=parts[1],
        added=added,
        seconds=None if seconds is None else seconds / n_folds,
        main=main,
        store=store,
        learner=learner,
    )
    say(progress, "scoring the contest baseline on held-out models")
    for number, fold in enumerate(ours.folds):
        parts[2](number, n_folds)
        _ = fold.baseline
    gain = Gain.of([fold.table for fold in ours.folds], [fold.table for fold in theirs.folds], ours.seed)
    labelled = labelled_rows(catalog)
    here = {name: array[labelled] for name, array in with_unnormalised(views, features.raw).items()}
    return ours, Comparison(
        setting=current.describe(main),
        auto=ours.ari,
        current=theirs.ari,
        baseline=ours.baseline_ari,
        gain=gain.value,
        # With very few models no draw says anything, and no gain is clear.
        error=gain.error if math.isfinite(gain.error) else 2.0,
        auto_here=_auto_here(settings, here, labels[labelled]),
        current_here=_best_here(current, here, labels[labelled]),
        n_photos=len(labelled),
        n_models=len(np.unique(labels[labelled])),
    )


def _auto_here(settings: TunedSettings, views: Views, labels_true: np.ndarray) -> float:
    """ARI of these photos, grouped at once as tuned."""
    tree = consensus(settings.members, settings.fitted, views, settings.prior, settings.n_validation)
    return evaluate(labels_true, tree.cut(tree.control.default), HELD_OUT).ari


def _best_here(current: Candidate, views: Views, labels_true: np.ndarray) -> float:
    """ARI of these photos at once, at the value of the control that is best for them."""
    everything = np.arange(len(labels_true))
    rows = FusedRows(views, labels_true, current).of(current.recipe, Fold(everything, everything))
    tree = tree_of(rows, current.recipe)
    return best_value([tree], [labels_true], len(labels_true) / len(np.unique(labels_true)))[1]
