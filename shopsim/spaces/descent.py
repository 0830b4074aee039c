"""Trains a square map on pairs of photos: the losses over their cosines, and stochastic gradient descent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from shopsim.base.rows import unit_rows

STEPS_AT_ONCE = 10
"""Number of steps between two maps that are evaluated."""
_RATE = 1e-3
_PHOTOS = 512
# At most this many photos of one model come together in a batch, so that a batch has many models.
_OF_A_MODEL = 8
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


def trained_maps(rows: np.ndarray, models: np.ndarray, loss: Loss, seed: int = 0) -> Iterator[np.ndarray]:
    """Yields (k, k) float32 maps without end: first the identity, then one after every STEPS_AT_ONCE steps.

    rows: (n, k) float32, of about length one; models: (n,) integers from 0. The same seed gives the same maps.
    """
    rows = np.asarray(rows, np.float32)
    matrix = np.eye(rows.shape[1], dtype=np.float32)
    adam = _Adam(matrix)
    batches = _batches(models, np.random.default_rng(seed))
    while True:
        yield matrix.copy()
        for _ in range(STEPS_AT_ONCE):
            batch = next(batches)
            matrix -= adam.step(_gradient(rows[batch], models[batch], matrix, loss))


def _gradient(rows: np.ndarray, models: np.ndarray, matrix: np.ndarray, loss: Loss) -> np.ndarray:
    mapped = rows @ matrix
    unit = unit_rows(mapped)
    _, by_cosine = loss(unit @ unit.T, models[:, None] == models[None, :])
    by_unit = (by_cosine + by_cosine.T) @ unit
    # A change that only makes a row longer is lost when the row is scaled to length 1.
    across = by_unit - (by_unit * unit).sum(axis=1, keepdims=True) * unit
    lengths = np.linalg.norm(mapped, axis=1, keepdims=True)
    return rows.T @ np.divide(across, lengths, out=np.zeros_like(across), where=lengths > 0)


def _batches(models: np.ndarray, rng: np.random.Generator) -> Iterator[np.ndarray]:
    """Yields numbers of photos without end; all photos come once before any comes again."""
    photos_of = [np.flatnonzero(models == model) for model in range(int(models.max()) + 1)]
    n_batches = max(1, round(len(models) / _PHOTOS))
    while True:
        parts = [
            shuffled[start : start + _OF_A_MODEL]
            for shuffled in (rng.permutation(photos) for photos in photos_of)
            for start in range(0, len(shuffled), _OF_A_MODEL)
        ]
        order = [parts[place] for place in rng.permutation(len(parts))]
        for number in range(n_batches):
            yield np.concatenate(order[number::n_batches])


class _Adam:
    """Computes steps whose size hardly depends on how steep the loss is.

    Source: Kingma and Ba, Adam: a method for stochastic optimization, ICLR 2015.
    """

    def __init__(self, matrix: np.ndarray) -> None:
        self._mean, self._square = np.zeros_like(matrix), np.zeros_like(matrix)
        self._n_steps = 0

    def step(self, gradient: np.ndarray) -> np.ndarray:
        """Returns the step to subtract."""
        self._n_steps += 1
        self._mean += 0.1 * (gradient - self._mean)
        self._square += 0.001 * (gradient**2 - self._square)
        mean, square = self._mean / (1 - 0.9**self._n_steps), self._square / (1 - 0.999**self._n_steps)
        return _RATE * mean / (np.sqrt(square) + 1e-8)
