"""Fits linear discriminant analysis: directions with large differences between models and small ones within."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.learnable import Learnable, learnable
from shopsim.spaces.linear import restored
from shopsim.spaces.wccn import SHRINKAGE
from shopsim.spaces.whitened import COMPONENTS, STRENGTH, Whitening


@dataclass(frozen=True)
class DiscriminantAnalysis:
    """Whitens, and then fits shrunk linear discriminant analysis: at most one direction fewer than there are models."""

    shrinkage: float = 0.3
    strength: float = 0.5
    components: int = 0

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits on (n, d) float32 unit rows and (n,) integers; with too few models it is whitening alone, or raw."""
        from sklearn.discriminant_analysis import LinearDiscriminantAnalysis

        known = learnable(Whitening(self.strength, self.components).fit(vectors), vectors, labels_true)
        if not isinstance(known, Learnable):
            return known
        analysis = LinearDiscriminantAnalysis(solver="eigen", shrinkage=self.shrinkage)
        directions = analysis.fit(known.rows.astype(np.float64), known.models).scalings_
        n_directions = min(known.n_models - 1, directions.shape[1])
        note = f"Discriminant analysis, with shrinkage {self.shrinkage:g}, to {n_directions} components, {known.told}"
        return known.space.then(directions[:, :n_directions], note)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        return restored(arrays, "Discriminant analysis")


@spaces.register(
    "lda",
    version=2,
    title="Discriminant analysis",
    source="Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936); scikit-learn",
    summary="Keeps directions in which models differ much and the photos of one model differ little.",
    settings=(SHRINKAGE, STRENGTH, COMPONENTS),
    learns=True,
)
def lda(shrinkage: float = 0.3, strength: float = 0.5, components: int = 0) -> DiscriminantAnalysis:
    """Makes shrunk discriminant analysis after whitening of the given strength."""
    return DiscriminantAnalysis(shrinkage, strength, components)
