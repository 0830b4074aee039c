"""Tries out the decision on photos that are there already: whole groups and single photos are hidden in turn."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.base.work.progress import Progress, silent
from shopsim.grouping.matching.likeness import Members, Rule, likeness

# From places of the photos that stay and of those that are hidden to the vectors of both: ((n, d'), (m, d')).
Place = Callable[[np.ndarray, np.ndarray], tuple[np.ndarray, np.ndarray]]

FEWEST = 40
"""Fewer photos than this are too few to hide some of them."""
_MOST_PER_FOLD = 1000
# Once so many photos of either kind, and models, were hidden, more would change little.
_ENOUGH, _ENOUGH_MODELS = 1000, 50


@dataclass(frozen=True, eq=False)
class Trials:
    """What was found for each hidden photo.

    score: (n,) float64, how alike its most alike group is. known: (n,) bool, whether its model was still there.
    right: (n,) bool, whether that group shows its model; never where the model is not there.
    """

    score: np.ndarray
    known: np.ndarray
    right: np.ndarray

    @property
    def are_enough(self) -> bool:
        """Whether there are photos of both kinds to choose a threshold on."""
        return bool(self.right.any() and not self.known.all())


def run_trials(
    labels_pred: np.ndarray,
    truth: np.ndarray,
    place: Place,
    rule: Rule,
    seed: int = 0,
    progress: Progress = silent,
) -> Trials:
    """Hides some models, and as large a share of the photos of the others, and compares them with what is left.

    That is done again with other models, until all or enough of them were hidden once. A group that mostly shows a
    hidden model is hidden with it: of a model that is really new, no wrongly labelled photo would be there either.
    labels_pred: (n,) int64 groups; they stay as they are. truth: (n,) int64 models, or the groups themselves;
    UNLABELLED photos are never hidden. place: puts photos into a space that was fitted without the hidden ones, because
    whitening makes photos that it was fitted to less alike than others. Fewer than FEWEST photos give no trials.
    """
    rng = np.random.default_rng(seed)
    models = rng.permutation(np.unique(truth[truth != UNLABELLED]))
    n_folds, main = _n_folds(len(truth)), _shown(labels_pred, truth, labels_pred)
    found: list[tuple[np.ndarray, ...]] = []
    for fold in range(n_folds):
        progress(fold, n_folds)
        if _is_enough(found, len(models) * fold // max(n_folds, 1)):
            break
        stay, new, alone = _hidden(truth, main, models[fold::n_folds], 1 / n_folds, rng)
        tried = np.concatenate([new, alone])
        if not len(tried) or not len(stay):
            continue
        known_rows, tried_rows = place(stay, tried)
        like = likeness(tried_rows, Members(known_rows, labels_pred[stay]), rule)
        known = np.isin(truth[tried], truth[stay])
        right = known & (_shown(labels_pred[stay], truth[stay], like.best) == truth[tried])
        found.append((like.of_best, known, right))
    empty = (np.zeros(0), np.zeros(0, bool), np.zeros(0, bool))
    return Trials(*(np.concatenate(column) for column in zip(empty, *found, strict=True)))


def _n_folds(n_images: int) -> int:
    """Returns how often to hide photos: few photos are hidden a few at a time, else the space would be another one."""
    return 0 if n_images < FEWEST else 20 if n_images < 1000 else 10 if n_images < 3000 else 5


def _is_enough(found: list[tuple[np.ndarray, ...]], n_models: int) -> bool:
    known = [int(known.sum()) for _, known, _ in found]
    new = [int((~known).sum()) for _, known, _ in found]
    return min(sum(known), sum(new)) >= _ENOUGH and n_models >= _ENOUGH_MODELS


def _hidden(
    truth: np.ndarray, main: np.ndarray, hidden_models: np.ndarray, share_alone: float, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns places of the photos that stay, of those whose model is hidden, and of those that are hidden alone.

    main: (n,) int64, the model that most photos of each photo's group show.
    """
    is_new = np.isin(truth, hidden_models)
    is_alone = ~is_new & (truth != UNLABELLED) & (rng.random(len(truth)) < share_alone)
    new, alone = np.flatnonzero(is_new), np.flatnonzero(is_alone)
    stays = ~is_new & ~is_alone & ~np.isin(main, hidden_models)
    return np.flatnonzero(stays), _some(new, rng), _some(alone, rng)


def _some(places: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return np.sort(rng.permutation(places)[:_MOST_PER_FOLD])


def _shown(labels_pred: np.ndarray, truth: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """(m,) int64: the model that most labelled photos of each of these groups show, UNLABELLED if none is labelled."""
    labelled = truth != UNLABELLED
    pairs, counts = np.unique(np.stack([labels_pred[labelled], truth[labelled]]), axis=1, return_counts=True)
    # By group and then by count, so that the last one of each group counts.
    order = np.lexsort((-pairs[1], counts, pairs[0]))
    main = dict(zip(pairs[0][order].tolist(), pairs[1][order].tolist(), strict=True))
    return np.array([main.get(group, UNLABELLED) for group in groups.tolist()], np.int64)
