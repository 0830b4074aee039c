"""Alters features of labelled photos, so that their models are harder or easier to tell apart."""

from __future__ import annotations

import numpy as np

from shopsim.base.rows import unit_rows

SPREAD = (0.6, 2.2)
PULL = (0.35, 1.0)
_MODELS_PER_FAMILY = 4


def altered(features: np.ndarray, labels_true: np.ndarray, spread: float, pull: float, seed: int) -> np.ndarray:
    """Returns (n, d) float32 unit rows: photos of a model farther apart, and models of a family nearer together.

    features: (n, d) unit rows; labels_true: (n,) integers. spread: factor of a photo's difference to the mean of its
    model; pull: factor of a model's difference to the mean of its family, a few models that are drawn by the seed.
    Two extractors that are altered with one seed get the same families.
    """
    of_photo = np.unique(labels_true, return_inverse=True)[1]
    means = _means(features, of_photo)
    family = np.random.default_rng(seed).integers(max(len(means) // _MODELS_PER_FAMILY, 1), size=len(means))
    family = np.unique(family, return_inverse=True)[1]
    centres = _means(means, family)[family]
    pulled = centres + pull * (means - centres)
    return unit_rows(pulled[of_photo] + spread * (features - means[of_photo]))


def _means(rows: np.ndarray, groups: np.ndarray) -> np.ndarray:
    """Returns the mean row of each group, (n_groups, d) float64."""
    sums = np.zeros((groups.max() + 1, rows.shape[1]))
    np.add.at(sums, groups, rows)
    return sums / np.bincount(groups)[:, None]
