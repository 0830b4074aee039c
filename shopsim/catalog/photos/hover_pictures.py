"""Pictures that pop up while the mouse moves over a map: their addresses are known before they are made."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.thumbnails import Thumbnails

SIDE = 160
# Small enough that Stop is prompt, large enough that two threads have work.
_BATCH = 64


class HoverPictures(Thumbnails):
    """Thumbnails of a size of their own, made in the background while the map is used."""

    def names_to_come(self, images: Sequence[CatalogImage]) -> list[str]:
        """The file name of each photo's picture, there or not: 40 ms for 10,000."""
        return [self._name(image.digest, SIDE) for image in images]

    def make_all(self, images: Sequence[CatalogImage], progress: Progress = silent) -> frozenset[str]:
        """Make what is missing, in random order so that every part of the map fills alike.

        Returns the names of those that cannot be made, since the photo can no longer be read.
        """
        order = np.random.default_rng(0).permutation(len(images))
        impossible: set[str] = set()
        for start in range(0, len(order), _BATCH):
            progress(start, len(order))
            batch = [images[row] for row in order[start : start + _BATCH]]
            for name, made in zip(self.names_to_come(batch), self.names(batch, SIDE), strict=True):
                if made is None:
                    impossible.add(name)
        return frozenset(impossible)

    def make(self, image: CatalogImage) -> None:
        """Make the picture of one photo, unless it is there or the photo can no longer be read."""
        self.names([image], SIDE)

    def is_there(self, image: CatalogImage) -> bool:
        """Whether the picture of that photo has been made."""
        return self._folder.has(self._name(image.digest, SIDE))
