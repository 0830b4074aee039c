"""The image-match signature: how each of 9 x 9 fields compares in lightness with its neighbours."""

from __future__ import annotations

import numpy as np

from shopsim.features.extractors import extractors

SIDE = 256
_GRID = 9
# The side of the square around a grid point whose mean is taken: a twentieth of the photo, as in the paper.
_WINDOW = int(0.5 + SIDE / 20)
_PERCENTILES = (5, 95)
# Fields that differ by less than two of 255 grey levels count as equally light.
_TOLERANCE = 2 / 255
_GREY = np.array([0.2125, 0.7154, 0.0721])
_NEIGHBOURS = ((-1, -1), (-1, 0), (-1, 1), (0, -1), (0, 1), (1, -1), (1, 0), (1, 1))


class ImageSignature:
    """648 values from -2 (much darker) to 2 (much lighter): 9 x 9 fields times 8 neighbours, by image-match's order.

    It finds near-duplicates, not other photos of the same product: scaling, recompression and light change it little,
    rotation and mirroring change it completely. The paper compares by |a - b| / (|a| + |b|), which on rows of length 1
    is sqrt((1 - cos) / 2); its threshold 0.40 for "the same image" is a cosine of 0.68, so 68 % here.
    A photo without any contrast gets a row of zeros.

    Source: Wong, Bern and Goldberg, An image signature for any kind of image, ICIP 2002; EdjoLabs/image-match,
    which keeps the photo's proportions, where this one squashes it to a square.
    """

    key = "image_signature/1"
    image_size = (SIDE, SIDE)
    n_features = _GRID * _GRID * len(_NEIGHBOURS)
    batch_size = 32

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, 256, 256, 3) uint8 -> (b, 648) float32 of whole numbers."""
        rows = [_levels(_differences(_field_means(photo @ _GREY / 255))).ravel() for photo in images]
        return np.array(rows, np.float32).reshape(len(images), self.n_features)


def _field_means(grey: np.ndarray) -> np.ndarray:
    """(256, 256) grey 0..1 -> (9, 9) mean grey around the points of a grid over the part that is not plain border."""
    rows = _windows(np.abs(np.diff(grey, axis=1)).sum(axis=1))
    columns = _windows(np.abs(np.diff(grey, axis=0)).sum(axis=0))
    # Rounded, so that equally light fields are equal whatever the order of summation.
    return np.round(rows @ grey @ columns.T, 9)


def _windows(activity: np.ndarray) -> np.ndarray:
    """(256,) how much the grey level changes along each line -> (9, 256) weights of the mean around each grid line.

    The grid lies between the 5th and the 95th percentile of the cumulated change, which cuts off plain borders.
    """
    cumulated = np.cumsum(activity)
    low, high = np.percentile(cumulated, _PERCENTILES)
    first, last = np.searchsorted(cumulated, low, side="right"), np.searchsorted(cumulated, high, side="left")
    if first > last:
        first, last = (int(percentile / 100 * SIDE) for percentile in _PERCENTILES)
    weights = np.zeros((_GRID, SIDE))
    for line, point in enumerate(np.linspace(first, last, _GRID + 2, dtype=int)[1:-1]):
        start = int(max(point - _WINDOW / 2, 0))
        stop = min(start + _WINDOW, SIDE)
        weights[line, start:stop] = 1 / (stop - start)
    return weights


def _differences(means: np.ndarray) -> np.ndarray:
    """(9, 9) -> (9, 9, 8): how much lighter each field is than each neighbour, 0 where there is none."""
    differences = np.zeros((_GRID, _GRID, len(_NEIGHBOURS)))
    for number, (down, right) in enumerate(_NEIGHBOURS):
        here = _overlap(down), _overlap(right)
        there = _overlap(-down), _overlap(-right)
        differences[(*here, number)] = means[here] - means[there]
    return differences


def _overlap(step: int) -> slice:
    """The lines of a grid that have a neighbour `step` lines further."""
    return slice(max(0, -step), _GRID - max(0, step))


def _levels(differences: np.ndarray) -> np.ndarray:
    """Differences as -2..2: 0 for none, 1 up to the median of the same sign, 2 above it."""
    sizes = np.abs(differences)
    levels = np.zeros(differences.shape)
    for sign in (-1, 1):
        chosen = (np.sign(differences) == sign) & (sizes >= _TOLERANCE)
        if chosen.any():
            levels[chosen] = sign * np.where(sizes[chosen] > np.median(sizes[chosen]), 2, 1)
    return levels


@extractors.register(
    "image_signature",
    title="Image signature",
    source="Wong, Bern and Goldberg 2002, as in EdjoLabs/image-match",
    summary="Finds near-copies of one photo; needs no network.",
)
def image_signature() -> ImageSignature:
    """The signature with the numbers of the paper."""
    return ImageSignature()
