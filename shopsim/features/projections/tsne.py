"""t-SNE: keeps neighbours together."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.registry import Setting
from shopsim.features.projections import Projection, projections
from shopsim.features.projections.pca import Pca, all_rows_equal, principal_components

# With fewer photos there are no neighbourhoods to keep, and the perplexity would fall below 2.
_FEWEST = 7
# The neighbour search of t-SNE is slower with more dimensions, and further components improve nothing.
_MOST_COMPONENTS = 50


@dataclass(frozen=True)
class Tsne:
    """Puts photos with the same nearest neighbours next to each other; distances between clusters mean nothing.

    Compares by Euclidean distance, which on unit rows orders neighbours as cosine similarity does.
    """

    perplexity: float

    def project(self, vectors: np.ndarray, seed: int = 0) -> np.ndarray:
        """(n, d) float32 unit rows -> (n, 2) float32 points; 14 s for 5,000 x 1,280 on one core.

        The perplexity is at most a third of the other photos. PCA lays out fewer than 7 photos, or all equal ones.
        """
        n_images, n_features = vectors.shape
        if n_images < _FEWEST or all_rows_equal(vectors):
            return Pca().project(vectors, seed)
        from sklearn.manifold import TSNE
        from threadpoolctl import threadpool_limits

        if n_features > _MOST_COMPONENTS:
            vectors = principal_components(vectors, _MOST_COMPONENTS, seed)
        perplexity = min(self.perplexity, (n_images - 1) / 3)
        start = Pca().project(vectors, seed)
        # scikit-learn starts from the same spread; its own start fails on a single column.
        start *= 1e-4 / start[:, 0].std()
        # One thread: several sum in an order that varies, which moves points, and they wait for each other so
        # eagerly that two were three times slower than one, not faster, as soon as the other core had work.
        with threadpool_limits(1, user_api="openmp"):
            return TSNE(perplexity=perplexity, init=start, random_state=seed).fit_transform(vectors)


@projections.register(
    "tsne",
    title="t-SNE",
    source="van der Maaten and Hinton, Visualizing data using t-SNE (2008); scikit-learn",
    summary="Keeps nearest neighbours together; distances between islands mean nothing.",
    settings=(
        Setting("perplexity", "Perplexity", 30.0, 2.0, 100.0, 1.0, "About how many neighbours a photo should keep."),
    ),
)
def create(perplexity: float) -> Projection:
    """The projection with the number of neighbours to keep."""
    return Tsne(perplexity)
