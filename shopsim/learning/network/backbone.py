"""A network that can be trained, in two parts."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.catalog.photos.images import READING
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.learning.network.activations import Stem
from shopsim.learning.network.architecture import SCALED, Architecture
from shopsim.learning.network.saved_weights import load_network

if TYPE_CHECKING:
    import keras

FULL_PRECISION = "float32"


class Backbone:
    """A network in two parts, cut at a layer: the stem stays as it is, the tail is trained; at '' all of it is.

    weights: digest of those that the network has. depth: one of the architecture's.
    """

    def __init__(self, architecture: Architecture, network: keras.Model, weights: str, depth: str) -> None:
        import keras

        self.architecture, self.network = architecture, network
        self.cut = architecture.depths[depth].layer
        # What is trained last of all begins after the scaling, which has nothing to learn.
        layer = self.cut or SCALED
        self._middle = network.get_layer(layer).output
        side = network.input_shape[1]
        key = f"weights={weights} layer={layer} input={side} reading={READING}"
        self.stem = Stem(keras.Model(network.input, self._middle), key, side)
        self._tail = keras.Model(self._middle, network.output)

    @property
    def n_features(self) -> int:
        """The length of a row of features."""
        return self.architecture.n_features

    def new_tail(self, precision: str = FULL_PRECISION) -> keras.Model:
        """Returns a new tail, from activations to pooled features, with the original weights.

        precision: Keras's policy for the numbers between layers.
        """
        import keras

        def again(layer: keras.Layer) -> keras.Layer:
            return type(layer).from_config({**layer.get_config(), "dtype": precision})

        tail = keras.models.clone_model(self._tail, clone_function=again)
        tail.set_weights(self._tail.get_weights())
        for part in tail.layers:
            part.trainable = not isinstance(part, keras.layers.BatchNormalization)
        return tail

    def trained(self, weights: Sequence[np.ndarray]) -> keras.Model:
        """Returns a copy of the whole network with a tail of these weights."""
        import keras

        tail = keras.models.clone_model(self._tail)
        tail.set_weights(list(weights))
        return keras.Model(self.network.input, tail(self._middle))


def backbone_from(folder: Path, side: int, n_features: int, depth: str) -> Backbone:
    """Returns the network of a SavedModel in two parts. Raises ShopsimError as `load_network` does."""
    architecture, network = load_network(folder, side, n_features)
    return Backbone(architecture, network, weights_digest(folder), depth)
