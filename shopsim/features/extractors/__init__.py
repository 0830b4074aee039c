"""Extractors turn photos into feature rows. Each has a file of its own and is found by its registered name."""

from __future__ import annotations

from typing import Protocol

import numpy as np

from shopsim.base.registry import Registry


class Extractor(Protocol):
    """Photos in, one feature row per photo out.

    key: names everything that changes the numbers (model, revision, weights digest, input size, preprocessing);
        never a path, a batch size or a device. `feature_keys` adds how photos are read.
    image_size: (height, width) in pixels to which every photo is squashed before `extract`.
    n_features: length of a row.
    batch_size: photos per call that `extract` is fastest with; the numbers must not depend on it.
    """

    key: str
    image_size: tuple[int, int]
    n_features: int
    batch_size: int

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, height, width, 3) uint8 RGB -> (b, n_features) float32, not normalised.

        A row of zeros means that the extractor can say nothing about the photo (a blank one, say).
        """
        ...


extractors: Registry[Extractor] = Registry("extractor", __name__)
