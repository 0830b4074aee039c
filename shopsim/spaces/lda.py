"""Linear discriminant analysis: directions in which models lie far apart, relative to the spread of their photos."""

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
    """Whitening, then shrunk linear discriminant analysis: one direction fewer than there are models at most."""

    shrinkage: float = 0.3
    strength: float = 0.5
    components: int = 0

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits to (n, d) float32 unit rows and (n,) integers; falls back to whitening or raw if data is scarce."""
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
        """The fitted space whose `arrays` these are. Raises ShopsimError if they are not such."""
        return restored(arrays, "Discriminant analysis")


@spaces.register(
    "lda",
    title="Discriminant analysis",
    source="Fisher, The use of multiple measurements in taxonomic problems, Annals of Eugenics 7 (1936); scikit-learn",
    summary="Directions in which models lie far apart for how far their photos spread.",
    settings=(SHRINKAGE, STRENGTH, COMPONENTS),
    learns=True,
)
def lda(shrinkage: float = 0.3, strength: float = 0.5, components: int = 0) -> DiscriminantAnalysis:
    """Shrunk discriminant analysis after whitening of the given strength."""
    return DiscriminantAnalysis(shrinkage, strength, components)
