"""A default network of the browser tests: an extractor's file that is put into a copy of the app.

It computes nothing until the file that SLOW_NETWORK_GATE names exists.
"""

import os
import time
from pathlib import Path

import numpy as np

from shopsim.features.extractors import extractors
from shopsim.features.networks.wanted import Installed, needs_weights

NAME = "slow_network"


@needs_weights(NAME)
def _wanted():
    return Installed("Slow network", Path(__file__))


@extractors.register(NAME, title="Slow network", source="tests")
class SlowNetwork:
    """Mean colours of 16 fields."""

    key = "slow-network/1"
    image_size = (16, 16)
    n_features = 48
    batch_size = 8

    def extract(self, images):
        while not Path(os.environ["SLOW_NETWORK_GATE"]).exists():
            time.sleep(0.05)
        fields = images.reshape(len(images), 4, 4, 4, 4, 3).astype(np.float32).mean(axis=(2, 4))
        return fields.reshape(len(images), -1) / 255
