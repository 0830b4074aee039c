"""An extractor around a network's SavedModel folder; TensorFlow starts with the first photo, not before."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.saved_model import SavedModel


class NetworkExtractor:
    """Feature vectors of a network that takes square RGB photos.

    n_features: the length of a row if it is known beforehand; else the network is loaded to find out.
    The key names the weights, so the place of the network does not matter to the cache. A blank photo gets a row like
    any other; `extract.py` leaves it out.
    """

    batch_size = 32

    def __init__(self, folder: Path, side: int, n_features: int | None = None) -> None:
        self.key = f"saved_model/1 weights={weights_digest(folder)} input={side} rgb=0..1"
        self.image_size = (side, side)
        self._folder = folder
        self._lock = threading.Lock()
        self._network: SavedModel | None = None
        self._expected = n_features

    @property
    def n_features(self) -> int:
        """Length of a row."""
        return self._expected or self._loaded().n_features

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, side, side, 3) uint8 -> (b, n_features) float32."""
        return self._loaded()(images)

    def _loaded(self) -> SavedModel:
        with self._lock:
            if self._network is None:
                network = SavedModel(self._folder, self.image_size[0])
                if network.n_features != (self._expected or network.n_features):
                    raise ShopsimError(
                        f"The network in '{self._folder}' gives {network.n_features} features where "
                        f"{self._expected} are expected; put the right one there."
                    )
                self._network = network
            return self._network
