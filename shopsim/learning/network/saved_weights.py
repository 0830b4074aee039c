"""Reads the weights of any SavedModel of a known kind, in whatever form its batch normalisation is stored."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.features.networks.saved_model import import_tensorflow, load_entry
from shopsim.learning.network.architecture import ARCHITECTURES, Architecture

if TYPE_CHECKING:
    import keras

_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
_AFFINE = {"Mul", "Add", "AddV2", "BiasAdd", "Sub", "FusedBatchNormV3", "Identity", "Cast"}
# Two ways to the same numbers; the Hub's own quantised weights agree less well with each other.
_LEAST_COSINE = 0.999


class _Affine(NamedTuple):
    """A convolution's kernel, with each channel's scale and shift up to the next step that is not linear."""

    kernel: np.ndarray
    scale: np.ndarray
    shift: np.ndarray


def load_network(folder: Path, side: int, n_features: int) -> tuple[Architecture, keras.Model]:
    """Returns the kind of network that the SavedModel is, and the network built with its weights, as `build` does.

    A SavedModel from the Hub may hold constants only. So each convolution's kernel is read from its frozen graph,
    with the shift and scale that follow it, whatever form these have there. Batch normalisation keeps its
    statistics: a tail trained on batches of few models would follow these.

    Raises ShopsimError if the SavedModel is of no known kind, or the two give different numbers.
    """
    tf = import_tensorflow()
    frozen = _frozen(folder, side)
    found = list(_affine_convolutions(frozen))
    architecture = _kind(folder, n_features, len(found))
    network = architecture.build(side)
    _copy_weights(found, network, folder)
    photos = np.random.default_rng(0).integers(0, 256, (4, side, side, 3)).astype(np.float32)
    theirs, ours = frozen(tf.constant(photos / 255))[0].numpy(), network(photos, training=False).numpy()
    norms = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours, axis=1)
    cosine = float(((theirs * ours).sum(axis=1) / np.maximum(norms, 1e-12)).min())
    if not cosine >= _LEAST_COSINE:
        raise _wrong(folder, f"its features agree with those of the weights read from it to a cosine of {cosine:.3f}")
    return architecture, network


def _kind(folder: Path, n_features: int, n_convolutions: int) -> Architecture:
    known = ARCHITECTURES.values()
    alike = [each for each in known if each.n_features == n_features]
    if not alike:
        raise _wrong(folder, f"it has {n_features} features; {_each(known, 'n_features')}")
    for each in alike:
        if each.n_convolutions == n_convolutions:
            return each
    raise _wrong(folder, f"it has {n_convolutions} convolutions; {_each(alike, 'n_convolutions')}")


def _each(known: Iterable[Architecture], count: str) -> str:
    return ", ".join(f"{each.title} has {getattr(each, count)}" for each in known)


def _frozen(folder: Path, side: int) -> Any:
    """Returns the SavedModel as a function of (b, side, side, 3) floats in 0..1, with constant weights."""
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    # Held until its constants are taken.
    _model, call, _ = load_entry(folder)
    concrete = tf.function(call).get_concrete_function(tf.TensorSpec((None, side, side, 3), tf.float32))
    return convert_variables_to_constants_v2(concrete)


def _copy_weights(found: Sequence[_Affine], network: keras.Model, folder: Path) -> None:
    import keras

    layers = network.layers
    convolutions = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D)]
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    for convolution, norm, (kernel, scale, shift) in zip(convolutions, norms, found, strict=True):
        expected = tuple(convolution.get_weights()[0].shape)
        if kernel.shape != expected:
            raise _wrong(folder, f"its kernel {kernel.shape} stands where {expected} is expected")
        convolution.set_weights([kernel])
        # Scale and shift alone: with this mean and variance the statistics leave a value as it is.
        norm.set_weights([scale, shift, np.zeros_like(scale), np.full_like(scale, 1 - norm.epsilon)])


def _affine_convolutions(frozen: Any) -> Iterator[_Affine]:
    """Yields the convolutions in the order of the network."""
    tf = import_tensorflow()
    graph = tf.Graph()
    with graph.as_default():
        tf.import_graph_def(_without_order(frozen.graph.as_graph_def()), name="")
    fed = _depends_on(graph, graph.get_operation_by_name(frozen.inputs[0].op.name))
    with tf.compat.v1.Session(graph=graph) as session:
        for operation in graph.get_operations():
            if operation.type not in _CONVOLUTIONS or operation not in fed:
                continue
            kernel = session.run(operation.inputs[1])
            start = operation.outputs[0]
            end = _end_of_affine(start, fed)
            # The linear steps may be a bias, or a normalisation in any of its forms: two values tell them all.
            shape = (1, *start.shape[1:])
            shift = session.run(end, {start: np.zeros(shape, np.float32)})[0, 0, 0]
            scale = session.run(end, {start: np.ones(shape, np.float32)})[0, 0, 0] - shift
            yield _Affine(kernel, scale, shift)


def _without_order(definition: Any) -> Any:
    """Removes the control dependencies, through which every weight would depend on the photos."""
    for node in definition.node:
        wanted = [name for name in node.input if not name.startswith("^")]
        del node.input[:]
        node.input.extend(wanted)
    return definition


def _depends_on(graph: Any, source: Any) -> set[Any]:
    """Returns the operations of the graph whose values change with the photos."""
    fed = {source}
    for operation in graph.get_operations():
        if any(given.op in fed for given in operation.inputs):
            fed.add(operation)
    return fed


def _end_of_affine(tensor: Any, fed: set[Any]) -> Any:
    """Returns the last tensor on the way from here that is a scale and a shift of each channel."""
    while True:
        users = [user for user in tensor.consumers() if user in fed]
        if len(users) != 1 or users[0].type not in _AFFINE:
            return tensor
        if sum(given.op in fed for given in users[0].inputs) != 1:
            return tensor  # Two branches meet here.
        tensor = users[0].outputs[0]


def _wrong(folder: Path, reason: str) -> ShopsimError:
    return ShopsimError(f"The network in '{folder}' cannot be trained further: {reason}.")
