"""Extractors that fail, or wait to be told to go on."""

import threading

import numpy as np

from shopsim import ShopsimError


class BrokenExtractor:
    """Fails as often as it is told to, then works."""

    key = "broken-1"
    image_size = (8, 8)
    n_features = 3
    batch_size = 4

    def __init__(self, failures):
        self.failures = failures

    def extract(self, images):
        if self.failures:
            self.failures -= 1
            raise ShopsimError("The extractor is out of order; wait a moment.")
        return images.mean(axis=(1, 2)).astype(np.float32)


class WaitingExtractor(BrokenExtractor):
    """Gives one batch and waits for a sign before each further one."""

    key = "waiting-1"
    batch_size = 2

    def __init__(self):
        super().__init__(failures=0)
        self.batches = 0
        self.go_on = threading.Event()

    def extract(self, images):
        self.batches += 1
        if self.batches > 1:
            assert self.go_on.wait(30)
        return super().extract(images)
