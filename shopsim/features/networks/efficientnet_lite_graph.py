"""EfficientNet-Lite0 as an OpenVINO graph, built from the installed weights without TensorFlow."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from shopsim.features.networks.efficientnet_lite import EPSILON, MEAN, NORM, SCALE, SIDE, STAGES, Weights, read_weights
from shopsim.features.networks.openvino_engine import import_openvino

if TYPE_CHECKING:
    import openvino


def graph(side: int = SIDE) -> openvino.Model:
    """Returns the network: (1, side, side, 3) uint8 RGB -> (1, 1280) float32 pooled features.

    Raises ShopsimError as `read_weights` does, or if OpenVINO cannot be imported.
    """
    ov = import_openvino()
    from openvino import opset13 as op

    weights = read_weights()
    photos = op.parameter([1, side, side, 3], np.uint8)
    values = op.transpose(op.convert(photos, "f32"), op.constant(np.array([0, 3, 1, 2])))
    # Subtracted first: whole numbers up to 128 are exact in bf16 too.
    values = op.multiply(op.subtract(values, _number(MEAN)), _number(1 / SCALE))
    values = _step(values, weights, "_conv_stem", "_bn0", stride=2)
    number = 0
    for blocks, stride in STAGES:
        for place in range(blocks):
            values = _block(values, weights, f"_blocks.{number}", stride if place == 0 else 1)
            number += 1
    values = _step(values, weights, "_conv_head", "_bn1")
    return ov.Model([op.reduce_mean(values, op.constant(np.array([2, 3])), False)], [photos])


def _number(value: float) -> openvino.Node:
    from openvino import opset13 as op

    return op.constant(np.float32(value))


def _block(inputs: openvino.Node, weights: Weights, name: str, stride: int) -> openvino.Node:
    """An inverted residual, as the one in Keras."""
    from openvino import opset13 as op

    values = inputs
    if f"{name}._expand_conv.weight" in weights:
        values = _step(values, weights, f"{name}._expand_conv", f"{name}._bn0")
    values = _step(values, weights, f"{name}._depthwise_conv", f"{name}._bn1", stride=stride)
    values = _step(values, weights, f"{name}._project_conv", f"{name}._bn2", is_last=True)
    if stride != 1 or values.get_output_shape(0) != inputs.get_output_shape(0):
        return values
    return op.add(inputs, values)


def _step(
    values: openvino.Node, weights: Weights, kernel: str, norm: str, *, stride: int = 1, is_last: bool = False
) -> openvino.Node:
    """A convolution with its normalisation in its weights, and ReLU6 unless it is the last one of a block."""
    from openvino import opset13 as op

    gamma, beta, mean, variance = (weights[f"{norm}.{part}"].astype(np.float64) for part in NORM)
    factor = gamma / np.sqrt(variance + EPSILON)
    array = (weights[f"{kernel}.weight"] * factor[:, None, None, None]).astype(np.float32)
    shift = (beta - mean * factor).astype(np.float32)[None, :, None, None]
    # A convolution channel by channel has one channel in; OpenVINO wants (groups, 1, 1, height, width) for it.
    is_depthwise = array.shape[1] == 1
    convolution = op.group_convolution if is_depthwise else op.convolution
    filters = op.constant(array[:, None] if is_depthwise else array)
    values = convolution(values, filters, [stride] * 2, [0, 0], [0, 0], [1, 1], "same_upper")
    values = op.add(values, op.constant(shift))
    return values if is_last else op.clamp(values, 0.0, 6.0)
