"""DBSCAN as scikit-learn does it, border photos included."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.registry import Setting
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import similarity_of, square_distances
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.partitions import Partitions

# Converting a similarity to a distance and back may change its last bit.
LAST_BIT = 1e-12


@dataclass(frozen=True)
class BorderDBSCAN:
    """DBSCAN that adds border photos to a dense group; all the work is in the cut."""

    min_samples: int = 4

    def memory(self, n_images: int, n_features: int) -> int:
        """Bytes at the peak: all distances, as a triangle and a square, and at worst a list of all photos per photo."""
        return n_images**2 * (4 + 8 + 8 + 1) + 3 * n_images * n_features * 4 + 64 * 2**20

    def fit(self, vectors: np.ndarray) -> Partitions:
        """Keeps (n, d) float32 unit rows for the cuts; range and default are those of DBSCAN without border photos."""
        control = replace(
            Linkage("single", self.min_samples).fit(vectors).control,
            instant=False,
            help="Photos at least this similar are neighbours; each change computes for a while. On other photos it "
            "means the same as long as extractor and space do.",
        )
        return Partitions(np.asarray(vectors, dtype=np.float32), control, self._split)

    def _split(self, vectors: np.ndarray, similarity: float) -> np.ndarray:
        from sklearn.cluster import DBSCAN

        # Above 1 not even copies are joined.
        if similarity > 1.0:
            return np.arange(len(vectors))
        # scikit-learn does not accept a radius of 0; only copies are this near.
        radius = max(similarity_of(similarity) + LAST_BIT, LAST_BIT)
        model = DBSCAN(eps=radius, min_samples=self.min_samples, metric="precomputed")
        return model.fit_predict(square_distances(vectors))


@clusterers.register(
    "dbscan_sklearn",
    title="DBSCAN",
    source="Ester et al. 1996, by sklearn.cluster",
    summary="Joins photos in dense regions, and those at their border; the others stay alone.",
    settings=(
        Setting(
            "min_samples",
            "Photos that make a place dense",
            4,
            low=1,
            high=100,
            step=1,
            help="The photo itself counts.",
        ),
    ),
)
def dbscan_sklearn(min_samples: int = 4) -> BorderDBSCAN:
    """A photo at the border of two dense groups joins the one that is found first."""
    return BorderDBSCAN(min_samples)
