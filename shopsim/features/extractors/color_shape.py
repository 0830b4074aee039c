"""Colours and outlines: needs no network and no weights; the extractor the app starts with."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import numpy as np

from shopsim.catalog.photos.images import is_blank
from shopsim.features.extractors import extractors

if TYPE_CHECKING:
    from scipy.sparse import csr_array

SIDE = 96
# The centre quarter of the photo: more product, less background.
_CENTRE = slice(SIDE // 4, SIDE - SIDE // 4)
_CELL, _BLOCK, _ORIENTATIONS = 16, 2, 9
_SHAPE_WEIGHT, _SHAPE_LENGTH = 1.2, 540
# Colours are rounded to 5 bits per channel: 32,768 colours.
LEVELS = 32
HSV_BINS = (16, 5, 5)
LAB_BINS = (6, 10, 10)
# L, a, b. Only neon colours are beyond 60; they count in the outermost bins.
LAB_LOW, LAB_HIGH = (0.0, -60.0, -60.0), (100.0, 60.0, 60.0)


class ColorShape:
    """Soft HSV and CIELAB histograms of the whole photo and of its centre, and gradient orientations.

    A row has five blocks of length 1 (the last 1.2), so that none dominates: HSV whole and centre, CIELAB whole and
    centre, shape. A mirrored photo has nearly the same row, because the two shoes of a pair are one product. A blank
    photo gets a row of zeros, because its colour alone says nothing about a product.
    """

    key = "color_shape/2"
    image_size = (SIDE, SIDE)
    n_features = 2 * (400 + 509) + _SHAPE_LENGTH
    batch_size = 32

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, 96, 96, 3) uint8 -> (b, 2358) float32."""
        whole, centre = colour_counts(images), colour_counts(images[:, _CENTRE, _CENTRE])
        colours = [histograms(counts, table) for table in (hsv_table(), lab_table()) for counts in (whole, centre)]
        shapes = np.reshape([_shape(photo) for photo in images], (len(images), _SHAPE_LENGTH))
        rows = np.concatenate([*colours, _SHAPE_WEIGHT * shapes], axis=1, dtype=np.float32)
        rows[[is_blank(photo) for photo in images]] = 0
        return rows


def _shape(photo: np.ndarray) -> np.ndarray:
    """(96, 96, 3) uint8 -> (540,) float64 unit or zero: gradient orientations, nearly the same when mirrored.

    5 x 5 blocks of 2 x 2 cells with 9 orientations, averaged with those of the mirrored photo (cells and
    orientations in reverse order); the right half would then repeat the left and is left out.
    """
    from skimage.feature import hog

    blocks = hog(photo, _ORIENTATIONS, (_CELL, _CELL), (_BLOCK, _BLOCK), channel_axis=-1, feature_vector=False)
    mirrored = blocks[:, ::-1, :, ::-1, ::-1]
    row = (blocks + mirrored)[:, : (blocks.shape[1] + 1) // 2].ravel()
    norm = np.linalg.norm(row)
    return row / norm if norm > 0 else row


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
    """(32768, 3) float64 in 0..1: the middle of each rounded colour, in the order of its code."""
    levels = (np.arange(LEVELS) * 8 + 4) / 255
    return np.stack(np.meshgrid(levels, levels, levels, indexing="ij"), axis=-1).reshape(-1, 3)


def _table(points: np.ndarray, bins: tuple[int, int, int], first_is_circle: bool = False) -> csr_array:
    """(bins, colours) weights: each colour is shared among the (up to 8) nearest bins, by its distance to each.

    points: (colours, 3); the box of the bins is 0..1, and a point outside counts in the outermost bins.
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


@extractors.register(
    "color_shape",
    title="Colour and shape",
    source="colour histograms (Swain and Ballard 1991) and HOG (Dalal and Triggs 2005) with scikit-image",
    summary="Needs no network and no weights.",
)
def color_shape() -> ColorShape:
    """The default extractor, which is part of the program."""
    return ColorShape()
