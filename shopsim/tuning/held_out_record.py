"""The held-out scores that tuned settings keep."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from shopsim.base.disk.store import Store
from shopsim.base.work.progress import Progress, say
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.held_out import held_out
from shopsim.tuning.learner import Learner


def record_held_out(
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    seconds: float,
    main: str,
    store: Store,
    learner: Learner | None,
    progress: Progress,
    candidates: Sequence[Candidate] | None = None,
) -> dict[str, float]:
    """`HeldOut.recorded` of Auto, which chooses everything anew in each fold; the arguments are those of `held_out`."""
    scored = held_out(
        catalog,
        features,
        candidates,
        progress=progress,
        added=added,
        seconds=seconds,
        main=main,
        store=store,
        learner=learner,
    )
    n_photos = len(catalog.images)
    for number, fold in enumerate(scored.folds, 1):
        say(progress, f"contest baseline of fold {number} of {len(scored.folds)}")
        # A report between the folds, so that it can be stopped there.
        progress(n_photos, n_photos)
        _ = fold.baseline
    return scored.recorded
