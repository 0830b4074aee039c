"""Colours and outlines: no network, no weights; what the app starts with."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.photos.images import is_blank
from shopsim.features.extractors import extractors
from shopsim.features.extractors.colour_bins import colour_counts, histograms, hsv_table, lab_table

SIDE = 96
# The centre quarter of the photo: more product, less background.
_CENTRE = slice(SIDE // 4, SIDE - SIDE // 4)
_CELL, _BLOCK, _ORIENTATIONS = 16, 2, 9
_SHAPE_WEIGHT, _SHAPE_LENGTH = 1.2, 540


class ColorShape:
    """Soft HSV and CIELAB histograms of the whole photo and of its centre, and gradient orientations.

    A row is five blocks, each one long (the last 1.2), so that none drowns another: HSV whole and centre, CIELAB
    whole and centre, shape. A mirrored photo has nearly the same row: the two shoes of a pair are one product.
    A blank photo gets a row of zeros: its colour alone says nothing about a product.
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


@extractors.register(
    "color_shape",
    title="Colour and shape",
    source="colour histograms (Swain and Ballard 1991) and HOG (Dalal and Triggs 2005) with scikit-image",
    summary="Needs no network and no weights.",
)
def color_shape() -> ColorShape:
    """The embedded default."""
    return ColorShape()
