"""Prepares a network for bf16, so that its rows stay near those of float32.

bf16 keeps 8 bits of a number. Two things cost most of the agreement, and we change both:

- A depthwise convolution sums 9 or 25 neighbouring values of one channel, with weights of both signs. Such values are
  much alike, so an error in the sum of the weights counts most. We round each filter so that its sum hardly changes:
  what rounding one weight leaves over is added to the next smaller weight. This is error diffusion (Floyd and Steinberg
  1976), and it costs no time when the network runs.
- The first layers look for small differences between neighbouring pixels, which bf16 blurs. They stay in float32.
"""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.etree import ElementTree

import numpy as np

from shopsim.features.networks.openvino_engine import model_in, packed

if TYPE_CHECKING:
    import openvino

KEY = "bf16"
"""What keys of features call a network that was prepared in this way; change it when the numbers change."""
_DEPTHWISE = "GroupConvolution"
_CONVOLUTIONS = ("Convolution", _DEPTHWISE)
# Convolutions that stay in float32: docs/experiments.md has the figures.
_N_EXACT = 6
# In OpenVINO's descriptions, a layer with this mark keeps its precision.
_EXACT = {"name": "precise", "version": "0"}
_NO_LAYERS = ("Const", "Parameter", "Result")


def prepared(model: openvino.Model) -> openvino.Model:
    """Returns the float32 network as it shall run in bf16; `model` may change.

    Raises ShopsimError if there is no room for temporary files.
    """
    _round_filters(model)
    graph, weights = packed(model)
    return model_in(_with_marks(graph), weights)


def _round_filters(model: openvino.Model) -> None:
    """Rounds the filters of depthwise convolutions to bf16; filters that are computed stay as they are."""
    from openvino import opset13 as op

    for node in model.get_ordered_ops():
        filters = node.input_value(1).get_node() if node.get_type_name() == _DEPTHWISE else None
        if filters is not None and filters.get_type_name() == "Constant" and filters.data.dtype == np.float32:
            # (groups, out, in, height, width), each sum over the last three.
            shape = filters.data.shape
            rounded = diffused(filters.data.reshape(shape[0] * shape[1], -1)).reshape(shape)
            node.input(1).replace_source_output(op.constant(rounded).output(0))


def _with_marks(graph: bytes) -> bytes:
    """Returns OpenVINO's description with the first convolutions, and all layers between them, marked as exact."""
    root = ElementTree.fromstring(graph)
    n_convolutions = 0
    for layer in root.iter("layer"):
        n_convolutions += layer.get("type") in _CONVOLUTIONS
        if n_convolutions > _N_EXACT:
            break
        if layer.get("type") not in _NO_LAYERS:
            about = layer.find("rt_info")
            if about is None:
                about = ElementTree.Element("rt_info")
                layer.insert(0 if layer.find("data") is None else 1, about)
            ElementTree.SubElement(about, "attribute", _EXACT)
    return ElementTree.tostring(root)


def diffused(filters: np.ndarray) -> np.ndarray:
    """Rounds (n_filters, n_weights) float32 to numbers that bf16 can hold; the sum of each row hardly changes."""
    # The smallest weight comes last: bf16 holds it most finely, so the least is left over.
    order = np.argsort(-np.abs(filters), axis=1, kind="stable")
    rows, rest = np.arange(len(filters)), np.zeros(len(filters))
    rounded = np.empty_like(filters)
    for place in order.T:
        wanted = filters[rows, place] + rest
        rounded[rows, place] = to_bf16(wanted.astype(np.float32))
        rest = wanted - rounded[rows, place]
    return rounded


def to_bf16(numbers: np.ndarray) -> np.ndarray:
    """Returns the nearest numbers that bf16 holds, as float32; halfway goes to the even one."""
    bits = np.ascontiguousarray(numbers, np.float32).view(np.uint32)
    nearest = (bits + 0x7FFF + ((bits >> 16) & 1)) & 0xFFFF0000
    return nearest.astype(np.uint32).view(np.float32)
