"""Whitens within models: directions in which photos of one model differ get less weight."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.registry import Setting
from shopsim.spaces import FittedSpace, spaces
from shopsim.spaces.learnable import Learnable, learnable
from shopsim.spaces.linear import restored
from shopsim.spaces.whitened import STRENGTH, VARIANCE_FLOOR, Whitening

MOST_COMPONENTS = 512
"""More components than whitening alone allows: once models are known, rarer directions also separate them."""


@dataclass(frozen=True)
class WithinClassWhitening:
    """Whitens all photos, and then the differences between photos of one model.

    shrinkage: from 0, which takes the covariance of these differences as it is, to 1, which keeps the whitening of all
    photos. With few photos per model, this covariance is mostly chance and would enlarge directions that vary little.
    """

    shrinkage: float = 0.3
    strength: float = 1.0
    components: int = 0

    def fit(self, vectors: np.ndarray, labels_true: np.ndarray) -> FittedSpace:
        """Fits on (n, d) float32 unit rows and (n,) integers; with too few models it is whitening alone, or raw."""
        learned = self.learn(vectors, labels_true)
        return learned.space if isinstance(learned, Learnable) else learned

    def learn(self, vectors: np.ndarray, labels_true: np.ndarray) -> Learnable | FittedSpace:
        """Fits as `fit` does, and keeps the photos from which the next map can be learned."""
        whitened = Whitening(self.strength, self.components or MOST_COMPONENTS).fit(vectors)
        known = learnable(whitened, vectors, labels_true)
        if not isinstance(known, Learnable):
            return known
        within = known.within()
        average = np.trace(within) / len(within)
        within = (1 - self.shrinkage) * within + self.shrinkage * average * np.eye(len(within))
        variances, directions = np.linalg.eigh(within)
        variances = np.maximum(variances, VARIANCE_FLOOR * variances.max())
        # The symmetric root: of all maps that whiten equally, this one does not rotate.
        root = (directions * variances**-0.5) @ directions.T
        note = f"Whitened within models, with shrinkage {self.shrinkage:g}, to {len(root)} components, {known.told}"
        return known.then(root, note)

    def restore(self, arrays: Mapping[str, np.ndarray]) -> FittedSpace:
        """Returns the fitted space with these `arrays`. Raises ShopsimError if they do not fit."""
        return restored(arrays, "Whitened within models")


SHRINKAGE = Setting(
    "shrinkage",
    "Shrinkage",
    0.3,
    low=0.0,
    high=1.0,
    step=0.05,
    help="0 takes the differences within models as they are, 1 assumes that they are equal in all directions.",
)
LEARNED_COMPONENTS = Setting(
    "components",
    "Most components",
    0,
    low=0,
    high=2048,
    step=1,
    help=f"0: as many as the photos allow, {MOST_COMPONENTS} at most.",
)


@spaces.register(
    "wccn",
    version=2,
    title="Whitened within models",
    source="Hatch, Kajarekar and Stolcke, Within-class covariance normalization for SVM-based speaker recognition, "
    "Interspeech 2006",
    summary="Gives less weight to directions in which photos of one model differ.",
    settings=(SHRINKAGE, replace(STRENGTH, default=1.0), LEARNED_COMPONENTS),
    learns=True,
)
def wccn(shrinkage: float = 0.3, strength: float = 1.0, components: int = 0) -> WithinClassWhitening:
    """Makes within-class whitening after whitening of the given strength."""
    return WithinClassWhitening(shrinkage, strength, components)
