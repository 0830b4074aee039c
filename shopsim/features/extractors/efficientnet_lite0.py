"""EfficientNet-Lite0 feature vectors: a deep network whose weights are installed with this program."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from shopsim.features.extractors import extractors
from shopsim.features.networks.efficientnet_lite import N_FEATURES, SIDE, TITLE, WEIGHTS_DIGEST, network, weights_file
from shopsim.features.networks.saved_model import STEP, compiled, first_output, import_tensorflow, run_in_steps
from shopsim.features.networks.wanted import Installed, needs_weights
from shopsim.features.networks.weights import obtain

NAME = "efficientnet_lite0"


@needs_weights(NAME)
def _wanted() -> Installed:
    return Installed(TITLE, weights_file())


@extractors.register(
    NAME,
    title=TITLE,
    source="Tan and Le, EfficientNet (ICML 2019), its Lite version of Google's tensorflow/tpu, trained on ImageNet",
    summary="1,280 features of a network trained on ImageNet; its weights are installed with this program.",
)
def efficientnet_lite0() -> EfficientNetLite0:
    """Raises ShopsimError if the weights are not installed."""
    obtain(NAME)
    return EfficientNetLite0()


class EfficientNetLite0:
    """The network as an extractor; TensorFlow starts with the first photo.

    A blank photo gets a row like any other; `extract.py` leaves it out.
    """

    key = f"efficientnet_lite0/1 weights={WEIGHTS_DIGEST[:16]} input={SIDE} rgb=(x-127)/128"
    image_size = (SIDE, SIDE)
    n_features = N_FEATURES
    batch_size = 32

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._run: Callable[..., Any] | None = None

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, 224, 224, 3) uint8 -> (b, 1280) float32. Raises ShopsimError if the weights are damaged."""
        with self._lock:
            if self._run is None:
                model = network()
                self._run = compiled(lambda photos: model(photos, training=False), (STEP, SIDE, SIDE, 3), divisor=1.0)
        run, tf = self._run, import_tensorflow()
        return run_in_steps(lambda step: first_output(run(tf.constant(step))), images)
