"""Affinity propagation: photos choose exemplars by exchanging messages."""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Setting
from shopsim.base.rows import distinct_rows
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.distances import condensed_distances, similarity_of, square_distances
from shopsim.clusterers.partitions import Partitions, copies_together

ROUNDS = 1000


@dataclass(frozen=True)
class AffinityPropagation:
    """scikit-learn's affinity propagation of cosine similarities; all the work is in the cut.

    For some thousand photos at most: each round passes messages between all pairs.
    """

    damping: float = 0.7
    seed: int = 0

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: similarities, both kinds of messages and the working arrays of a round, (n, n) each."""
        return n_images**2 * 8 * 6 + 3 * n_images * n_features * 4 + 64 * 2**20

    def fit(self, vectors: np.ndarray) -> Partitions:
        """Keeps (n, d) float32 unit rows for the cuts; the default is the median similarity (Frey and Dueck)."""
        vectors = np.asarray(vectors, dtype=np.float32)
        distances = condensed_distances(vectors[distinct_rows(vectors)[0]])
        median = float(similarity_of(np.median(distances))) if len(distances) else 0.0
        control = Control(
            name="Preference",
            kind="resolution",
            low=-50.0,
            high=1.0,
            default=round(median, 3),
            step=0.01,
            instant=False,
            help="How readily a photo becomes the exemplar of a group; a higher value gives more groups. Each change "
            "computes for a while. It depends on the photos per model, not on their number: it carries over as long as "
            "photos per model, extractor and space are the same.",
        )
        return Partitions(vectors, control, copies_together(self._split))

    def _split(self, vectors: np.ndarray, preference: float) -> np.ndarray:
        from sklearn.cluster import AffinityPropagation as Propagation
        from sklearn.exceptions import ConvergenceWarning

        similarities = similarity_of(square_distances(vectors))
        model = Propagation(
            damping=self.damping,
            max_iter=ROUNDS,
            preference=preference,
            affinity="precomputed",
            copy=False,
            random_state=self.seed,
        )
        with warnings.catch_warnings():
            # Where all pairs are equally similar, scikit-learn warns and still answers well.
            warnings.simplefilter("ignore", UserWarning)
            warnings.simplefilter("error", ConvergenceWarning)
            try:
                return model.fit_predict(similarities)
            except ConvergenceWarning:
                raise ShopsimError(
                    f"Affinity propagation does not settle within {ROUNDS:,} rounds at preference {preference:g} and "
                    f"damping {self.damping:g}; try more damping or another preference."
                ) from None


@clusterers.register(
    "affinity_propagation",
    title="Affinity propagation",
    source="Frey and Dueck 2007, by sklearn.cluster",
    summary="Photos choose exemplars among themselves; for some thousand photos at most.",
    settings=(
        Setting(
            "damping",
            "Damping",
            0.7,
            low=0.5,
            high=0.99,
            step=0.01,
            help="A higher value converges more surely and takes longer.",
        ),
        Setting("seed", "Seed", 0, low=0, high=2**31 - 1, step=1, help="Breaks ties; same seed, same groups."),
    ),
)
def affinity_propagation(damping: float = 0.7, seed: int = 0) -> AffinityPropagation:
    """Affinity propagation of cosine similarities."""
    return AffinityPropagation(damping, seed)
