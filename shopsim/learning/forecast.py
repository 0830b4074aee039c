"""Estimates, before a learning starts, how many photos, how much time and how much disk it takes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.catalog.catalog import Catalog
from shopsim.learning.compare import fold_to_learn
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.learner import MOST_PASSES, Recipe, n_judges
from shopsim.learning.prepare import NETWORK
from shopsim.learning.task import Task

_SIDE = 224
# Measured on two cores.
_VIEWS_A_SECOND = 80.0
# Each judge sees about four fifths of the photos.
_JUDGE_SEES = 0.8


@dataclass(frozen=True)
class Forecast:
    """The estimate for two cores, if nothing is in the cache.

    n_images, n_models: learnt from; n_held_out, n_held_out_models: to compare on.
    prepare, train: seconds, at most; view_bytes, training_bytes: on disk, at most. All four are 0 for a metric, which
    takes as long as Auto's search.
    """

    n_images: int
    n_models: int
    n_held_out: int
    n_held_out_models: int
    prepare: float = 0.0
    train: float = 0.0
    view_bytes: float = 0.0
    training_bytes: float = 0.0


def forecast(task: Task, catalog: Catalog) -> Forecast:
    """Returns the estimate for a task that `check_task` has passed."""
    fold = fold_to_learn(catalog, task.hold_out)
    models = [len(np.unique(catalog.labels_true[part])) for part in fold.parts]
    counts = len(fold.tuning), models[0], len(fold.held_out), models[1]
    if task.what != NETWORK:
        return Forecast(*counts)
    n_views, network = sum(counts[::2]) * Recipe().n_views, ARCHITECTURES[task.extractor]
    depth = network.depths[task.depth]
    judges = n_judges(len(fold.tuning))
    a_pass = len(fold.tuning) * (judges * _JUDGE_SEES + 1) / depth.rate
    return Forecast(
        *counts,
        prepare=n_views / _VIEWS_A_SECOND,
        # One pass is always made, whatever the budget.
        train=max(a_pass, min(task.seconds, MOST_PASSES * a_pass)),
        view_bytes=n_views * depth.numbers(_SIDE) * 2,
        training_bytes=(judges + 1) * network.training_bytes,
    )
