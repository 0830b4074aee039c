"""A network that computes nothing until a test lets it: it stands where the default one does."""

import threading
from contextlib import contextmanager
from dataclasses import replace

from fake_extractor import FakeExtractor

from shopsim.features.default_extractor import DEEP
from shopsim.features.extractors import extractors


class SlowNetwork(FakeExtractor):
    """Rows of the fake extractor, once `may_go` is set; fails with the error that was given."""

    key = "slow-network-1"

    def __init__(self):
        super().__init__()
        self.may_go = threading.Event()
        self.has_begun = threading.Event()
        self.error = None

    def extract(self, images):
        self.has_begun.set()
        assert self.may_go.wait(60)
        if self.error is not None:
            raise self.error
        return super().extract(images)


@contextmanager
def slow_network():
    """The slow network in the place of the default one."""
    slow = SlowNetwork()
    with extractors.temporarily(replace(extractors.entry(DEEP), factory=lambda **_: slow)):
        yield slow
        slow.may_go.set()
