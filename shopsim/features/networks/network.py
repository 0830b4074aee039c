"""An extractor around a network; OpenVINO or TensorFlow starts with the first photo, not before."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

import numpy as np

from shopsim.features.feature_keys import PRECISION
from shopsim.features.networks import bf16, openvino_engine
from shopsim.features.networks.openvino_engine import OpenVinoNetwork
from shopsim.features.networks.precision import AUTOMATIC, BF16, FLOAT32

if TYPE_CHECKING:
    import openvino

Run = Callable[[np.ndarray], np.ndarray]


class Source(Protocol):
    """Where a network comes from: (b, side, side, 3) uint8 RGB -> (b, n_features) float32.

    key: names everything that changes its float32 numbers. weights: the digest of its weights. n_features: None where
    only the network can say it.
    """

    key: str
    weights: str
    side: int
    n_features: int | None

    def is_converted(self) -> bool:
        """Returns whether `runs_on_openvino` answers at once, without TensorFlow."""
        ...

    def runs_on_openvino(self) -> bool:
        """Returns whether OpenVINO can run it."""
        ...

    def openvino(self) -> openvino.Model:
        """Returns it for OpenVINO, with a fixed number of photos, where OpenVINO can run it."""
        ...

    def tensorflow(self) -> Run:
        """Returns it as TensorFlow runs it."""
        ...

    def check(self, n_features: int) -> None:
        """Raises ShopsimError if its rows have another length than they should."""
        ...


class NetworkExtractor:
    """Feature vectors of a network that takes square RGB photos. A blank photo gets a row like any other.

    precision: 'automatic' or 'float32'. OpenVINO and TensorFlow agree in float32, so the key does not name the engine;
    it names the precision where that is another. `extract.py` leaves blank photos out.
    """

    batch_size = 32

    def __init__(self, source: Source, precision: str = AUTOMATIC) -> None:
        self.image_size = (source.side, source.side)
        self.float32_key = source.key
        self.source, self._wanted = source, precision
        self._lock = threading.Lock()
        self._on_openvino: bool | None = None
        self._run: Run | None = None
        self._length = source.n_features

    @property
    def key(self) -> str:
        """The key of its features. A SavedModel may be converted for it, to learn in which precision it runs."""
        return self.float32_key if self.precision == FLOAT32 else f"{self.float32_key}{PRECISION}{bf16.KEY}"

    @property
    def knows_key(self) -> bool:
        """Whether the key can be read at once."""
        if self._wanted != AUTOMATIC or self._on_openvino is not None:
            return True
        return not openvino_engine.has_bf16() or self.source.is_converted()

    @property
    def precision(self) -> str:
        """The precision in which it runs on this machine."""
        with self._lock:
            return self._precision()

    @property
    def runs_on_gpu(self) -> bool:
        """Whether it runs on a GPU where there is one: TensorFlow does that, OpenVINO here does not."""
        with self._lock:
            return not self._runs_on_openvino()

    @property
    def n_features(self) -> int:
        """Length of a row."""
        if self._length is None:
            self.extract(np.empty((0, *self.image_size, 3), np.uint8))
        return self._length

    def extract(self, images: np.ndarray) -> np.ndarray:
        """(b, side, side, 3) uint8 -> (b, n_features) float32."""
        return self._loaded()(images)

    def _loaded(self) -> Run:
        with self._lock:
            if self._run is None:
                self._run = self._load()
            return self._run

    def _load(self) -> Run:
        if self._runs_on_openvino():
            model, precision = self.source.openvino(), self._precision()
            run: Run = OpenVinoNetwork(bf16.prepared(model) if precision == BF16 else model, precision)
        else:
            run = self.source.tensorflow()
        length = run(np.empty((0, *self.image_size, 3), np.uint8)).shape[1]
        self.source.check(length)
        self._length = length
        return run

    def _precision(self) -> str:
        if self._wanted != AUTOMATIC:
            return self._wanted
        return BF16 if openvino_engine.has_bf16() and self._runs_on_openvino() else FLOAT32

    def _runs_on_openvino(self) -> bool:
        if self._on_openvino is None:
            self._on_openvino = openvino_engine.runs() and self.source.runs_on_openvino()
        return self._on_openvino
