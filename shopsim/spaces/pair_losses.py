"""Defines losses over pairs of photos: how wrong their cosines are, with the derivative for each cosine."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

# On validation models of four catalogues, these values separated models as well as any other, or better.
STEEPNESS = 10.0
MIDDLE = 0.3
TEMPERATURE = 0.1

# Takes (n, n) cosines and (n, n) bool, whether a pair is of one model; the diagonal counts as neither kind of pair.
# Returns the loss and its (n, n) derivative with respect to each cosine.
Loss = Callable[[np.ndarray, np.ndarray], tuple[float, np.ndarray]]


def binomial_deviance(cosines: np.ndarray, same: np.ndarray) -> tuple[float, np.ndarray]:
    """Asks for one common cosine between the pairs of one model and all others, as a cut of a tree does.

    The mean over pairs of one model and the mean over others have the same weight, since others are many more.
    Source: Yi, Lei and Li, Deep metric learning for practical person re-identification, ICPR 2014.
    """
    others = ~same
    np.fill_diagonal(others, False)
    same = same & ~np.eye(len(same), dtype=bool)
    margin = STEEPNESS * (cosines - MIDDLE)
    signed = np.where(same, -margin, margin)
    weight = same / max(same.sum(), 1) + others / max(others.sum(), 1)
    loss = (weight * np.logaddexp(0, signed)).sum()
    slope = np.where(same, -STEEPNESS, STEEPNESS) / (1 + np.exp(-signed))
    return float(loss), (weight * slope).astype(cosines.dtype)


def supervised_contrastive(cosines: np.ndarray, same: np.ndarray) -> tuple[float, np.ndarray]:
    """Asks each photo to be nearer to all photos of its model than to any other photo.

    Source: Khosla et al., Supervised contrastive learning, NeurIPS 2020.
    """
    itself = np.eye(len(same), dtype=bool)
    same = same & ~itself
    scaled = np.where(itself, -np.inf, cosines / TEMPERATURE)
    scaled = scaled - scaled.max(axis=1, keepdims=True)
    share = np.exp(scaled)
    total = share.sum(axis=1, keepdims=True)
    counts = same.sum(axis=1, keepdims=True)
    has_some = counts > 0
    weight = has_some / max(has_some.sum(), 1)
    wanted = same / np.maximum(counts, 1)
    log_share = np.where(itself, 0.0, scaled - np.log(total))
    loss = -(weight * wanted * log_share).sum()
    return float(loss), (weight * (share / total - wanted) / TEMPERATURE).astype(cosines.dtype)


LOSSES: dict[str, Loss] = {"binomial": binomial_deviance, "supcon": supervised_contrastive}
