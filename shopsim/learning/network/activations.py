"""What the frozen part of a network makes of photos and of edited views of them, computed once and read from disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, part_of, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import fill_rows
from shopsim.features.networks.saved_model import STEP, compiled, first_output, import_tensorflow, run_in_steps
from shopsim.features.row_reader import RowReader
from shopsim.features.row_store import RowStore
from shopsim.learning.network.augment import READ_MORE, VERSION, augmented

if TYPE_CHECKING:
    import keras

KIND = "activations"
_ATTEMPTS = 3


class Stem:
    """The frozen part as a function of photos, compiled at the first one; (b, side, side, 3) uint8 RGB.

    shape: of one photo's activations; key: of the weights, the layer and the photo's size.
    """

    def __init__(self, stem: keras.Model, key: str, side: int) -> None:
        self.shape: tuple[int, ...] = tuple(stem.output_shape[1:])
        self.key = key
        self.side = side
        self._stem = stem
        self._run: Callable | None = None
        self._lock = threading.Lock()

    def __call__(self, photos: np.ndarray) -> np.ndarray:
        """(b, ...) float32 activations."""
        with self._lock:
            if self._run is None:
                self._run = compiled(
                    lambda scaled: self._stem(scaled * 255.0, training=False), (STEP, self.side, self.side, 3)
                )
        tf = import_tensorflow()
        return run_in_steps(lambda step: first_output(self._run(tf.constant(step))), photos)


class StemView:
    """One view of each photo through the stem, as an extractor whose rows are the activations; view 0 is the photo."""

    batch_size = 32

    def __init__(self, stem: Stem, view: int) -> None:
        side = stem.side if view == 0 else round(stem.side * READ_MORE)
        self.key = f"stem/1 {stem.key} view={view}" + (f" edits={VERSION}" if view else "")
        self.image_size = (side, side)
        self.n_features = int(np.prod(stem.shape))
        self._stem = stem
        self._view = view

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, height, width, 3) uint8 -> (b, n_features) float32."""
        if self._view:
            images = np.stack([augmented(photo, self._view, self._stem.side) for photo in images])
        return self._stem(images).reshape(len(images), -1)


@dataclass(frozen=True, eq=False)
class Activations:
    """Of n photos in several views; none is held in memory. shape: of one photo's; digests: of the photos' bytes."""

    views: Sequence[RowReader]
    shape: tuple[int, ...]
    digests: Sequence[str]

    def __len__(self) -> int:
        return len(self.views[0])

    def read(self, photos: np.ndarray, view: int | np.ndarray = 0) -> np.ndarray:
        """(b,) numbers of photos, and one view or (b,) of them -> (b, *shape) float16."""
        view = np.broadcast_to(view, len(photos))
        rows = np.empty((len(photos), int(np.prod(self.shape))), np.float16)
        for number in np.unique(view):
            rows[view == number] = self.views[number][photos[view == number]]
        return rows.reshape(len(photos), *self.shape)


def activations_of(catalog: Catalog, stem: Stem, n_views: int, cache: Path, progress: Progress = silent) -> Activations:
    """Of the catalogue's photos, the photo itself and n_views - 1 edits; what is in the store already is not computed.

    25 KB per photo and view at 14 x 14 x 64. progress: counts photos times views.
    Raises ShopsimError if a photo cannot be read any more.
    """
    digests = [image.digest for image in catalog.images]
    readers, n_photos = [], len(set(digests))
    for view in range(n_views):
        extractor = StemView(stem, view)
        rows = RowStore(cache, extractor.key, extractor.n_features, KIND, np.float16)
        part = part_of(progress, view * n_photos, n_photos, n_views * n_photos)
        readers.append(_reader(catalog, extractor, rows, part))
    return Activations(readers, stem.shape, digests)


def _reader(catalog: Catalog, extractor: StemView, rows: RowStore, progress: Progress) -> RowReader:
    for _ in range(_ATTEMPTS):
        reasons = fill_rows(catalog, extractor, rows, progress)
        for image in catalog.images:
            if image.digest in reasons:
                raise ShopsimError(f"'{image.image_id}' cannot be learnt from: {reasons[image.digest]}")
        # The cache may be cleared in between.
        with suppress(KeyError):
            return rows.reader([image.digest for image in catalog.images])
    raise ShopsimError("The cache was cleared while photos were prepared for learning; start again.")
