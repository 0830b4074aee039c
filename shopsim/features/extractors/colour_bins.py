"""Colour histograms with soft bins: a table says once into which bins each colour falls, a photo is then counting."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from scipy.sparse import csr_array

# Colours are told apart to 5 bits a channel: 32,768 of them.
LEVELS = 32
HSV_BINS = (16, 5, 5)
LAB_BINS = (6, 10, 10)
# L, a, b; beyond 60 only neon colours lie, which count to the outermost bins.
LAB_LOW, LAB_HIGH = (0.0, -60.0, -60.0), (100.0, 60.0, 60.0)


def colour_counts(images: np.ndarray) -> np.ndarray:
    """(b, h, w, 3) uint8 -> (b, 32768) float64: the share of each photo's pixels that have each colour."""
    levels = (images >> 3).astype(np.int32)
    codes = (levels[..., 0] * LEVELS + levels[..., 1]) * LEVELS + levels[..., 2]
    counts = np.zeros((len(codes), LEVELS**3))
    for row, photo in zip(counts, codes, strict=True):
        row[:] = np.bincount(photo.ravel(), minlength=LEVELS**3)
    return counts / np.prod(images.shape[1:3])


def histograms(counts: np.ndarray, table: csr_array) -> np.ndarray:
    """(b, 32768) shares and a (bins, 32768) table -> (b, bins) unit rows of square-rooted bins.

    The square root makes the cosine of two rows Bhattacharyya's coefficient of the histograms.
    """
    bins = np.sqrt((table @ counts.T).T)
    return bins / np.linalg.norm(bins, axis=1, keepdims=True)


@cache
def hsv_table() -> csr_array:
    """(400, 32768): hue, saturation, value; hue is a circle."""
    from skimage.color import rgb2hsv

    return _table(rgb2hsv(_colours()), HSV_BINS, first_is_circle=True)


@cache
def lab_table() -> csr_array:
    """(509, 32768): CIELAB, where equal steps look equal; bins that no RGB colour reaches are left out."""
    from skimage.color import rgb2lab

    low, high = np.array(LAB_LOW), np.array(LAB_HIGH)
    return _table((rgb2lab(_colours()) - low) / (high - low), LAB_BINS)


def _colours() -> np.ndarray:
    """(32768, 3) float64 in 0..1: the middle of each told-apart colour, in the order of its code."""
    levels = (np.arange(LEVELS) * 8 + 4) / 255
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)


def _table(points: np.ndarray, bins: tuple[int, int, int], first_is_circle: bool = False) -> csr_array:
    """(bins, colours) weights: each colour is shared among the (up to 8) nearest bins, by its distance to each.

    points: (colours, 3), the box of the bins being 0..1; a point outside counts to the outermost bins.
    """
    from scipy.sparse import csr_array

    place = np.clip(points, 0, 1) * bins - 0.5
    below = np.floor(place).astype(int)
    above_share = place - below
    weights, cells = [], []
    for corner in np.ndindex(2, 2, 2):
        share = np.where(corner, above_share, 1 - above_share).prod(axis=1)
        cell = below + corner
        circular = cell[:, 0] % bins[0] if first_is_circle else np.clip(cell[:, 0], 0, bins[0] - 1)
        others = np.clip(cell[:, 1:], 0, np.array(bins[1:]) - 1)
        weights.append(share)
        cells.append((circular * bins[1] + others[:, 0]) * bins[2] + others[:, 1])
    colours = np.tile(np.arange(len(points)), 8)
    shape = (int(np.prod(bins)), len(points))
    table = csr_array((np.concatenate(weights), (np.concatenate(cells), colours)), shape=shape)
    return table[np.asarray(table.sum(axis=1)).ravel() > 0]
