"""Runs a TF2 SavedModel as a function of photos; no other part of the extractors runs TensorFlow."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.features.networks.trust import check_may_load, loadable

if TYPE_CHECKING:
    import tensorflow as tf

# Measured on two cores with MobileNetV2: 154 photos/s in steps of 8, two at once; 103 one by one; 87 in steps of 32.
STEP = 8
_MOST_STEPS_AT_ONCE = 8


class SavedModel:
    """An image feature vector network: (b, side, side, 3) uint8 RGB -> (b, n_features) float32.

    The network gets RGB floats in 0..1, the Hub's convention for images. Each step has the same number of photos; the
    last one is filled up. So nothing is compiled twice, and a photo's row depends on that photo only.

    Raises ShopsimError if the folder cannot be loaded or holds another kind of network.
    """

    def __init__(self, folder: Path, side: int, step: int = STEP) -> None:
        tf = import_tensorflow()
        self._model, self._call, shape = load_entry(folder)
        _check_input(shape, side, folder)
        self._step = shape[0] or step
        self._shape = (shape[0] or 1, side, side, 3)
        try:
            self._run = compiled(self._call, (self._step, *self._shape[1:]))
            rows = self._rows(np.zeros((self._step, side, side, 3), np.uint8))
        except (ValueError, TypeError, KeyError, tf.errors.OpError) as error:
            raise ShopsimError(
                f"The network in '{folder}' does not take photos of {side} x {side} pixels ({_first_line(error)}); "
                "it must be an image feature vector network."
            ) from error
        if rows.ndim != 2 or len(rows) != self._step or not np.issubdtype(rows.dtype, np.floating):
            raise ShopsimError(
                f"The network in '{folder}' gives {rows.dtype} of shape {rows.shape} for {self._step} photos; "
                f"a feature vector network gives floats of shape ({self._step}, features)."
            )
        self.n_features = rows.shape[1]

    def __call__(self, images: np.ndarray) -> np.ndarray:
        """(b, side, side, 3) uint8 RGB -> (b, n_features) float32; several steps run at once."""
        return run_in_steps(self._rows, images, self._step)

    def graph(self) -> bytes:
        """Returns TensorFlow's GraphDef of one photo per step, or of as many as the network insists on."""
        return compiled(self._call, self._shape).graph.as_graph_def().SerializeToString()

    def _rows(self, step: np.ndarray) -> np.ndarray:
        return first_output(self._run(import_tensorflow().constant(step)))


def run_in_steps(run: Callable[[np.ndarray], np.ndarray], images: np.ndarray, step: int = STEP) -> np.ndarray:
    """Returns what `run` makes of (b, ...) images, in steps of equal length; several steps run at once."""
    with ThreadPoolExecutor(min(usable_cores(), _MOST_STEPS_AT_ONCE)) as pool:
        rows = list(pool.map(run, in_steps(images, step)))
    return np.concatenate(rows)[: len(images)]


def in_steps(images: np.ndarray, step: int) -> list[np.ndarray]:
    """Cuts (b, ...) images into steps of equal length; the last one is filled up with zeros."""
    # No photos make one step too, because its result has the length of a row.
    fill = np.zeros((-len(images) % step if len(images) else step, *images.shape[1:]), images.dtype)
    filled = np.concatenate([images, fill])
    return [filled[start : start + step] for start in range(0, len(filled), step)]


def first_output(result: Any) -> np.ndarray:
    """The first output of a compiled function; a frozen one returns a list."""
    return np.asarray(result[0] if isinstance(result, list | tuple) else result)


def import_tensorflow() -> ModuleType:
    """Imports TensorFlow without its start-up messages; it takes no whole GPU. Raises ShopsimError if it is missing."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    os.environ.setdefault("TF_FORCE_GPU_ALLOW_GROWTH", "true")
    try:
        import tensorflow as tf
    except ImportError as error:
        raise ShopsimError(f"TensorFlow cannot be imported ({error}); type: pip install -r requirements.txt") from error
    for name in ("tensorflow", "absl"):
        logging.getLogger(name).setLevel(logging.ERROR)
    return tf


def load_entry(folder: Path) -> tuple[Any, Callable[[tf.Tensor], tf.Tensor], tuple[int | None, ...]]:
    """Returns the SavedModel, its function of one float tensor, and the tensor's shape (None where any length goes).

    The caller must keep the model as long as the function. Raises NotTrusted, before anything of it runs, if nobody has
    trusted the network, else ShopsimError as `SavedModel` does.
    """
    check_may_load(folder)
    tf = import_tensorflow()
    # The import takes seconds, and the files may be exchanged meanwhile.
    with loadable(folder) as place:
        try:
            model = tf.saved_model.load(str(place))
        except Exception as error:
            # Damaged files raised OSError, ValueError, KeyError, TypeError and TensorFlow's own; others are possible.
            raise ShopsimError(
                f"Cannot load the network in '{folder}' ({_first_line(error)}); put a complete TF2 SavedModel "
                "there, or delete the folder."
            ) from error
    return model, *_entry(model, folder)


def _entry(model: Any, folder: Path) -> tuple[Callable[[tf.Tensor], tf.Tensor], tuple[int | None, ...]]:
    """The network as a function of one float tensor, and the shape of that tensor (None where any length goes)."""
    signature = getattr(model, "signatures", {}).get("serving_default")
    if signature is None:
        if not callable(model):
            raise ShopsimError(f"The network in '{folder}' has no 'serving_default' signature and cannot be called.")
        return model, (None, None, None, 3)
    inputs, outputs = signature.structured_input_signature[1], signature.structured_outputs
    output = "default" if "default" in outputs else next(iter(outputs))
    if len(inputs) != 1 or (len(outputs) != 1 and output != "default"):
        raise ShopsimError(
            f"The network in '{folder}' has {len(inputs)} inputs and {len(outputs)} outputs; a feature vector network "
            "has one of each."
        )
    name, spec = next(iter(inputs.items()))
    if not spec.dtype.is_floating:
        raise ShopsimError(f"The network in '{folder}' takes {spec.dtype.name}; an image network takes floats.")
    shape = (None,) * 4 if spec.shape.rank is None else tuple(spec.shape.as_list())
    return lambda photos: signature(**{name: photos})[output], shape


def _check_input(shape: tuple[int | None, ...], side: int, folder: Path) -> None:
    """Raises ShopsimError unless photos of this size fit the input's shape (photos, height, width, channels)."""
    if len(shape) != 4 or shape[3] not in (3, None):
        raise ShopsimError(
            f"The network in '{folder}' takes an input of shape {shape}; an image network takes "
            "(photos, height, width, 3)."
        )
    if any(length not in (side, None) for length in shape[1:3]):
        raise ShopsimError(
            f"The network in '{folder}' takes photos of {shape[1]} x {shape[2]} pixels, not of {side} x {side}; "
            f"set the size to {shape[1]}."
        )


def compiled(call: Callable, shape: tuple[int, ...], divisor: float = 255.0) -> Callable:
    """Returns the network as a function of one step of uint8 photos, with its weights in the graph if possible.

    divisor: by which the photos' values, as floats, are divided for the network.
    """
    import tensorflow as tf
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    function = tf.function(lambda photos: call(tf.cast(photos, tf.float32) / divisor))
    concrete = function.get_concrete_function(tf.TensorSpec(shape, tf.uint8))
    try:
        # This saves a third of the time. A graph with tables or other resources cannot be frozen and runs as it is.
        return convert_variables_to_constants_v2(concrete)
    except (ValueError, KeyError, NotImplementedError, tf.errors.OpError):
        return concrete


def _first_line(error: Exception) -> str:
    """The first line of a library's message, short enough for a sentence."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0][:200].rstrip(".:")
