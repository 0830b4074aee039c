"""Runs networks by OpenVINO: one photo per request, one thread per stream, several streams at once.

A row is then the same bytes whatever the number of photos and processors.
"""

from __future__ import annotations

import sys
import threading
from functools import cache
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.temporary import temporary_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.features.networks.saved_model import in_steps

if TYPE_CHECKING:
    import openvino

# Each has some 10 MB of activations, and photos are decoded by at most eight threads.
_MOST_STREAMS = 8
# As many as an extractor's batch has photos; a request that waits has only its input and its row.
_N_REQUESTS = 32
_first_step = threading.Lock()
_HINTS = {"float32": "f32", "bf16": "bf16"}


def import_openvino() -> ModuleType:
    """Imports OpenVINO without its telemetry, so it sends nothing. Raises ShopsimError if it cannot be imported."""
    # OpenVINO and NNCF report their imports over the network unless this package is missing.
    sys.modules.setdefault("openvino_telemetry", None)
    try:
        import openvino
    except ImportError as error:
        raise ShopsimError(f"OpenVINO cannot be imported ({error}); type: pip install -r requirements.txt") from error
    return openvino


@cache
def runs() -> bool:
    """Returns whether OpenVINO can be imported."""
    try:
        import_openvino()
    except ShopsimError:
        return False
    return True


@cache
def has_bf16() -> bool:
    """Returns whether OpenVINO can be imported and the processor computes in bf16."""
    return runs() and "BF16" in _core().get_property("CPU", "OPTIMIZATION_CAPABILITIES")


class OpenVinoNetwork:
    """A compiled network: (b, side, side, 3) uint8 RGB -> (b, n_features) float32.

    model: takes a fixed number of photos as uint8. precision: 'float32' or 'bf16', of what is not quantized.
    """

    def __init__(self, model: openvino.Model, precision: str) -> None:
        n_streams = min(usable_cores(), _MOST_STREAMS)
        settings = {
            "PERFORMANCE_HINT": "THROUGHPUT",
            "NUM_STREAMS": n_streams,
            "INFERENCE_NUM_THREADS": n_streams,
            "INFERENCE_PRECISION_HINT": _HINTS[precision],
            # Other processes use the same processors.
            "ENABLE_CPU_PINNING": False,
        }
        compiled = _core().compile_model(model, "CPU", settings)
        self._step = model.input(0).shape[0]
        self.n_features = model.output(0).shape[1]
        self._requests = [compiled.create_infer_request() for _ in range(_N_REQUESTS)]
        self._lock = threading.Lock()
        # OpenVINO's first step in a process sets up tables, and two threads that do so at once wait for each other.
        with _first_step:
            self(np.zeros(model.input(0).shape, np.uint8))

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """(b, side, side, 3) uint8 RGB -> (b, n_features) float32."""
        steps = in_steps(images, self._step)
        with self._lock:
            rows = [self._rows(steps[first : first + _N_REQUESTS]) for first in range(0, len(steps), _N_REQUESTS)]
        return np.concatenate(rows)[: len(images)]

    def _rows(self, steps: list[np.ndarray]) -> np.ndarray:
        """Starts all steps and then waits, so that OpenVINO's threads need no Python between two of them."""
        requests = self._requests[: len(steps)]
        for request, step in zip(requests, steps, strict=True):
            request.start_async({0: step}, share_inputs=True)
        for request in requests:
            request.wait()
        return np.concatenate([request.get_output_tensor(0).data for request in requests])


def packed(model: openvino.Model) -> tuple[bytes, np.ndarray]:
    """Returns OpenVINO's description of a model, an XML text, and its (n_bytes,) uint8 weights.

    Raises ShopsimError if there is no room for temporary files.
    """
    with temporary_folder() as place:
        try:
            import_openvino().save_model(model, place / "graph.xml", compress_to_fp16=False)
            return (place / "graph.xml").read_bytes(), np.fromfile(place / "graph.bin", np.uint8)
        except (OSError, RuntimeError) as error:
            # OpenVINO says that a disk is full by a RuntimeError of its own.
            reason = why_refused(error, place) if isinstance(error, OSError) else str(error).strip()
            raise ShopsimError(f"Cannot write temporary files in '{place.parent}': {reason}.") from error


def model_in(graph: bytes, weights: np.ndarray) -> openvino.Model:
    """Returns the model of an OpenVINO description and its (n_bytes,) uint8 weights.

    Raises RuntimeError if they are none.
    """
    ov = import_openvino()
    return _core().read_model(graph, ov.Tensor(weights))


def model_of_file(path: str) -> openvino.Model:
    """Returns the model in a file of any form that OpenVINO reads. Raises RuntimeError for one that it cannot read."""
    import_openvino()
    return _core().read_model(path)


@cache
def _core() -> openvino.Core:
    return import_openvino().Core()
