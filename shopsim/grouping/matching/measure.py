"""Measures, on a grouping's own photos, how alike a photo must be to a group to join it; kept in the store."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.decision import Decision, at_cut, decide, without_threshold
from shopsim.grouping.matching.likeness import Rule
from shopsim.grouping.matching.trials import Place, Trials, run_trials

KIND = "matching"
# Part of the key; raise it when the trials of the same groups change.
_VERSION = 1
_TOO_FEW = "too few photos, or too few groups of several photos, to test when a photo shows a new model"


def decision_for(
    grouping: Grouping, rule: Rule, place: Place, store: Store, progress: Progress = silent, run: Run = here
) -> Decision:
    """Returns when a new photo joins one of these groups.

    With the rule `mean` and groups that were cut at a similarity, that similarity decides. Otherwise the threshold is
    measured: true models are hidden where they are known, else groups.
    place: as `run_trials` takes it. run: carries out the trials.
    """
    if rule == "mean" and grouping.fitted.control.is_a_threshold:
        return at_cut(grouping.value)
    truth, by_models = _truth(grouping)
    trials = _kept_trials(grouping, truth, rule, place, store, progress, run)
    if trials.are_enough:
        return decide(trials, rule, by_models)
    if grouping.fitted.control.is_a_threshold:
        return replace(at_cut(grouping.value), told=f"{at_cut(grouping.value).told}, since there are {_TOO_FEW}")
    return without_threshold(rule, f"nothing, since there are {_TOO_FEW}; every photo joins its most alike group")


def _truth(grouping: Grouping) -> tuple[np.ndarray, bool]:
    """Returns what is hidden, (n,) int64, and whether these are true models."""
    catalog = grouping.fitted.catalog
    # With one photo per model, no photo could be hidden whose model is still there.
    if catalog.labels_true is not None and catalog.photos_per_model()[2] > 1:
        return catalog.labels_true, True
    return grouping.labels_pred, False


def _kept_trials(
    grouping: Grouping, truth: np.ndarray, rule: Rule, place: Place, store: Store, progress: Progress, run: Run
) -> Trials:
    key = digest_of(_VERSION, grouping.fitted.key, array_digest(grouping.labels_pred), array_digest(truth), rule)
    kept = store.load(KIND, key)
    if kept is not None and kept.ndim == 2 and kept.shape[0] == 3 and np.isfinite(kept).all():
        return Trials(kept[0], kept[1] > 0, kept[2] > 0)
    say(progress, "testing when a photo shows a new model")
    trials = run(run_trials, grouping.labels_pred, truth, place, rule, progress=progress)
    store.save(KIND, key, np.stack([trials.score, trials.known, trials.right]).astype(np.float64))
    return trials
