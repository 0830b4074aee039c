"""The held-out scores that tuned settings keep, and their comparison with the setting that they would replace."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.compare import compare
from shopsim.tuning.learner import Learner
from shopsim.tuning.settings import TunedSettings

SEARCH_SHARE = 1 / 6
"""The search on all models has as much of Auto's time as the search in each of five folds of the comparison."""


def with_held_out(
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    settings: TunedSettings,
    current: Candidate,
    seconds: float | None,
    store: Store,
    progress: Progress,
    learner: Learner | None = None,
    candidates: Sequence[Candidate] | None = None,
) -> TunedSettings:
    """The settings with their scores on held-out models, where Auto chooses everything anew in each fold, and with the
    comparison. The arguments are those of `compare`.
    """
    scored, compared = compare(
        catalog, features, added, settings, current, seconds, progress, store, candidates, learner
    )
    return replace(settings, scores={**settings.scores, **scored.recorded}, comparison=compared)
