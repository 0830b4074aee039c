"""Trains a linear map on pairs of photos, for as long as it separates held-out models better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from statistics import fmean

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Setting
from shopsim.base.rows import unit_rows
from shopsim.clusterers import clusterers
from shopsim.scoring.curve import threshold_curve
from shopsim.scoring.folds import Fold, model_folds
from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.descent import LOSSES, STEPS_AT_ONCE, trained_maps
from shopsim.spaces.learnable import Learnable
from shopsim.spaces.linear import restored
from shopsim.spaces.wccn import WithinClassWhitening
from shopsim.spaces.whitened import COMPONENTS, MAX_COMPONENTS

_MOST_LOOKS = 20
# Training ends after this many evaluations without a better one.
_PATIENCE = 4
_FOLDS = 5
# One fifth of sixty models is a dozen, which is too few to find when to stop.
_FOLDS_LOOKED_AT = 3
_MOST_JUDGED = 2000


@dataclass(frozen=True)
class Projection:
    """Whitens within models, then trains a square map on pairs of photos; loss: a name of LOSSES."""

    loss: str = "binomial"
    components: int = 0
    seed: int = 0

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits on (n, d) float32 unit rows and (n,) integers.

        Models held out of the training decide for how many steps to train. Then all models are used, for as many steps.
        Too few models for this give `WithinClassWhitening`, with its own limits.
        """
        # A photo without features would count when models are divided into folds.
        shown = np.asarray(vectors).any(axis=1)
        vectors, labels_true = vectors[shown], labels_true[shown]
        known = self._start(vectors, labels_true)
        if not isinstance(known, Learnable):
            return known
        n_looks = self._best_look(vectors, labels_true)
        if not n_looks:
            return known.space
        matrix = next(islice(self._maps(known), n_looks, None))
        note = f"Trained for {n_looks * STEPS_AT_ONCE} steps to {len(matrix)} components, {known.told}"
        return known.space.then(matrix, note)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        return restored(arrays, "Trained")

    def _start(self, vectors: np.ndarray, labels_true: np.ndarray) -> Learnable | FittedSpace:
        whitening = WithinClassWhitening(0.6, 0.5, self.components or MAX_COMPONENTS)
        return whitening.learn(vectors, labels_true)

    def _maps(self, known: Learnable) -> Iterator[np.ndarray]:
        """Trains maps on rows scaled to a common length: the map does not depend on it, and steps have one size."""
        length = np.sqrt((known.rows**2).sum(axis=1).mean())
        return trained_maps(known.rows / length, known.models, LOSSES[self.loss], self.seed)

    def _best_look(self, vectors: np.ndarray, labels_true: np.ndarray) -> int:
        """Returns how often to train STEPS_AT_ONCE steps; 0 if no models can be held out, or training gains nothing."""
        try:
            folds = model_folds(labels_true, _FOLDS, self.seed)[:_FOLDS_LOOKED_AT]
        except ShopsimError:
            return 0
        looks = [self._held_out_scores(vectors, labels_true, fold) for fold in folds]
        best, best_score = 0, -np.inf
        for place, scores in enumerate(islice(zip(*looks, strict=False), _MOST_LOOKS + 1)):
            if fmean(scores) > best_score:
                best, best_score = place, fmean(scores)
            elif place - best >= _PATIENCE:
                break
        return best

    def _held_out_scores(self, vectors: np.ndarray, labels_true: np.ndarray, fold: Fold) -> Iterator[float]:
        """Yields the best ARI of a level cut among the held-out photos, before training and at each evaluation."""
        known = self._start(vectors[fold.tuning], labels_true[fold.tuning])
        if not isinstance(known, Learnable):
            return
        photos = _whole_models(fold.held_out, labels_true, self.seed)
        rows = known.space.project(vectors[photos])
        for matrix in self._maps(known):
            yield _best_ari(unit_rows(rows @ matrix), labels_true[photos])


def _whole_models(photos: np.ndarray, labels_true: np.ndarray, seed: int) -> np.ndarray:
    """Returns all photos of some models, at most _MOST_JUDGED unless one model alone has more."""
    models, counts = np.unique(labels_true[photos], return_counts=True)
    order = np.random.default_rng(seed).permutation(len(models))
    n_kept = max(1, int((counts[order].cumsum() <= _MOST_JUDGED).sum()))
    return photos[np.isin(labels_true[photos], models[order[:n_kept]])]


def _best_ari(rows: np.ndarray, labels_true: np.ndarray) -> float:
    return float(threshold_curve(clusterers.create("average").fit(rows), labels_true).ari.max())


@spaces.register(
    "projection",
    version=2,
    title="Trained projection",
    source="Yi, Lei and Li, Deep metric learning for practical person re-identification, ICPR 2014; Khosla et al., "
    "Supervised contrastive learning, NeurIPS 2020",
    summary="A linear map trained on pairs of photos; models held out of the training decide when it stops.",
    settings=(
        Setting(
            "loss",
            "Loss",
            "binomial",
            options=tuple(LOSSES),
            help="binomial: one cosine should separate all pairs; supcon: a photo's own model should be its nearest.",
        ),
        COMPONENTS,
    ),
    learns=True,
)
def projection(loss: str = "binomial", components: int = 0) -> Projection:
    """Makes a projection that is trained with the given loss."""
    return Projection(loss, components)
