"""Converts a SavedModel, which TensorFlow has loaded, into OpenVINO's form, and compares their rows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.temporary import temporary_folder
from shopsim.base.errors import ShopsimError
from shopsim.features.networks.openvino_engine import OpenVinoNetwork, model_of_file
from shopsim.features.networks.saved_model import SavedModel

if TYPE_CHECKING:
    import openvino

_N_COMPARED = 4
# Two engines in float32 differ by 1e-5 of a row's length at most.
_MOST_DIFFERENCE = 1e-3

# Lines of OpenVINO's messages that say more than where in its source the error was found.
_TELLING = ("No conversion rule found for", "Conversion is failed for")


class CannotConvertError(Exception):
    """OpenVINO cannot run this network, or gives other rows than TensorFlow."""


def convert(network: SavedModel, side: int) -> openvino.Model:
    """Returns the network as (b, side, side, 3) uint8 RGB -> (b, n_features) float32, for a fixed b.

    Raises CannotConvertError with the reason, and ShopsimError if there is no room for temporary files.
    """
    try:
        model = _read(network.graph())
        rows = OpenVinoNetwork(model, "float32")(_photos(side))
    except (RuntimeError, ValueError, TypeError) as error:
        raise CannotConvertError(_reason(error)) from error
    expected = network(_photos(side))
    if rows.shape != expected.shape:
        raise CannotConvertError(f"its rows have {rows.shape[1:]} numbers instead of {expected.shape[1:]}")
    lengths = np.maximum(np.linalg.norm(expected, axis=1), np.finfo(np.float32).tiny)
    difference = float((np.linalg.norm(rows - expected, axis=1) / lengths).max())
    if not difference < _MOST_DIFFERENCE:
        raise CannotConvertError(f"its rows differ by {difference:.1%} from those of TensorFlow")
    return model


def _read(graph: bytes) -> openvino.Model:
    """Returns the model of a frozen GraphDef.

    Raises CannotConvertError if it has other ends than a network here, and ShopsimError if the disk refuses.
    """
    from openvino._offline_transformations import apply_moc_transformations

    with temporary_folder() as place:
        try:
            (place / "frozen.pb").write_bytes(graph)
        except OSError as error:
            reason = why_refused(error, place)
            raise ShopsimError(f"Cannot write temporary files in '{place.parent}': {reason}.") from error
        model = model_of_file(str(place / "frozen.pb"))
    # Normalisations go into the weights now, so that `bf16.prepared` sees the weights that are multiplied.
    apply_moc_transformations(model, cf=True)
    if len(model.inputs) != 1 or len(model.outputs) != 1 or model.is_dynamic():
        raise CannotConvertError(
            f"it has {len(model.inputs)} inputs and {len(model.outputs)} outputs, or shapes that depend on the photos"
        )
    return model


def _photos(side: int) -> np.ndarray:
    """(4, side, side, 3) uint8: a smooth gradient and noise, twice."""
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (_N_COMPARED // 2, side, side, 3), np.uint8)
    ramp = np.linspace(0, 255, side)
    smooth = np.stack([np.add.outer(ramp, ramp) / 2, np.subtract.outer(ramp, ramp) / 2 + 127], axis=0)
    return np.concatenate([noise, np.repeat(smooth[..., None], 3, axis=3).astype(np.uint8)])


def _reason(error: Exception) -> str:
    """The line of OpenVINO's message that names what it cannot convert, as part of a sentence."""
    lines = [line.strip(" .-") for line in str(error).splitlines() if line.strip()]
    told = [line for line in lines if line.startswith(_TELLING)] or lines or [type(error).__name__]
    return told[0][:200]
