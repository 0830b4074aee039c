"""The kinds of network that can be trained: how each is built, and where it is cut."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

from shopsim.features.networks import efficientnet_lite
from shopsim.features.networks.saved_model import import_tensorflow
from shopsim.learning.network.depth import ALL, LAST, MOST, Depth

if TYPE_CHECKING:
    import keras

SCALED = efficientnet_lite.SCALED
"""The name of the layer that scales the photos, in each network here. It has nothing to learn."""


@dataclass(frozen=True)
class Architecture:
    """A kind of network that can be trained. The name is that of the extractor that has its ImageNet weights.

    n_convolutions: those channel by channel, too. build: from the photos' side to the network of (b, side, side, 3)
    float32 RGB in 0..255 -> (b, n_features) float32, the pooled features. weights: digest of those that `build` brings;
    '' where it brings none, so that they are read from a SavedModel. depths: by name. training_bytes: on disk, of one
    training of most of it. learning_rate: of the trained weights.
    """

    name: str
    title: str
    n_features: int
    n_convolutions: int
    build: Callable[[int], keras.Model]
    depths: Mapping[str, Depth]
    training_bytes: float
    weights: str = ""
    learning_rate: float = 3e-4


def _mobilenet_v2(name: str, title: str, n_features: int, width: float) -> Architecture:
    def rounded(channels: int) -> int:
        return 8 * math.floor(channels * width / 8 + 0.5)

    # On validation models of grocery (two folds, four passes) MAP@R went from 0.508 to 0.622 with the last blocks, to
    # 0.656 cut after block 12, to 0.674 with most. A step took 1.8 times as long with most, 6.5 times with all.
    depths = {
        LAST: Depth("The last three blocks", "block_13_project_BN", 32, rounded(160), 220.0 / width**2),
        MOST: Depth("The last seven blocks", "block_9_add", 16, rounded(64), 120.0 / width**2),
        ALL: Depth("The whole network (for a GPU)", "", 1, 3, 33.0 / width**2),
    }
    return Architecture(
        name,
        title,
        n_features,
        n_convolutions=52,
        build=partial(_built, width),
        depths=depths,
        training_bytes=50e6 * width**2,
    )


def _built(width: float, side: int) -> keras.Model:
    import_tensorflow()
    import keras

    inputs = keras.Input((side, side, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name=SCALED)(inputs)
    network = keras.applications.MobileNetV2(
        alpha=width, include_top=False, weights=None, pooling="avg", input_tensor=scaled
    )
    # What Keras answers takes a list of one input, and warns of each call without it.
    return keras.Model(inputs, network.output)


# The rates by the processor time of a step: 1.5 times MobileNetV2's with the last blocks, 1.7 with most, 1.2 with all.
EFFICIENTNET_LITE0 = Architecture(
    "efficientnet_lite0",
    efficientnet_lite.TITLE,
    efficientnet_lite.N_FEATURES,
    n_convolutions=49,
    build=efficientnet_lite.network,
    depths={
        LAST: Depth("The last three blocks", "block_12_add", 32, 192, 145.0),
        MOST: Depth("The last seven blocks", "block_8_project_BN", 16, 112, 70.0),
        ALL: Depth("The whole network (for a GPU)", "", 1, 3, 27.0),
    },
    training_bytes=75e6,
    weights=efficientnet_lite.WEIGHTS_DIGEST[:16],
)
MOBILENET_V2 = _mobilenet_v2("mobilenet_v2", "MobileNetV2", 1280, 1.0)
MOBILENET_V2_140 = _mobilenet_v2("mobilenet_v2_140", "MobileNetV2 1.4", 1792, 1.4)

ARCHITECTURES = {each.name: each for each in (EFFICIENTNET_LITE0, MOBILENET_V2, MOBILENET_V2_140)}
"""By name. A network that is trained further is one of these."""
