"""EfficientNet-Lite0 feature vectors: a deep network whose weights are installed with this program."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np

from shopsim.features.extractors import extractors
from shopsim.features.networks.by_precision import network_extractor
from shopsim.features.networks.efficientnet_lite import N_FEATURES, SIDE, TITLE, WEIGHTS_DIGEST, network, weights_file
from shopsim.features.networks.efficientnet_lite_graph import graph
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.precision import SETTING
from shopsim.features.networks.saved_model import STEP, compiled, first_output, import_tensorflow, run_in_steps
from shopsim.features.networks.wanted import Installed, needs_weights
from shopsim.features.networks.weights import obtain

if TYPE_CHECKING:
    import openvino

NAME = "efficientnet_lite0"


@needs_weights(NAME)
def _wanted() -> Installed:
    return Installed(TITLE, weights_file())


@extractors.register(
    NAME,
    title=TITLE,
    source="Tan and Le, EfficientNet (ICML 2019), its Lite version of Google's tensorflow/tpu, trained on ImageNet",
    summary="1,280 features of a network trained on ImageNet; its weights are installed with this program.",
    settings=(SETTING,),
)
def efficientnet_lite0(precision: str) -> NetworkExtractor:
    """Raises ShopsimError if the weights are not installed."""
    obtain(NAME)
    return network_extractor(EfficientNetLite0(), precision)


class EfficientNetLite0:
    """The network, which either engine builds from the installed weights, so that OpenVINO needs no TensorFlow."""

    key = f"efficientnet_lite0/1 weights={WEIGHTS_DIGEST[:16]} input={SIDE} rgb=(x-127)/128"
    weights = WEIGHTS_DIGEST[:16]
    side = SIDE
    n_features = N_FEATURES

    def is_converted(self) -> bool:
        """Returns True: it is built without a conversion."""
        return True

    def runs_on_openvino(self) -> bool:
        """Returns True."""
        return True

    def openvino(self) -> openvino.Model:
        """Returns the network for OpenVINO. Raises ShopsimError if the weights are damaged."""
        return graph()

    def tensorflow(self) -> Callable[[np.ndarray], np.ndarray]:
        """Returns the network as TensorFlow runs it. Raises ShopsimError if the weights are damaged."""
        model, tf = network(), import_tensorflow()
        run = compiled(lambda photos: model(photos, training=False), (STEP, SIDE, SIDE, 3), divisor=1.0)
        return lambda images: run_in_steps(lambda step: first_output(run(tf.constant(step))), images)

    def check(self, n_features: int) -> None:
        """Checks nothing: the weights are known by their digest."""
