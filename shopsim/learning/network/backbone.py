"""A MobileNetV2 that can be trained, with the weights of any SavedModel the extractor can load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.catalog.photos.images import READING
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.saved_model import import_tensorflow, load_entry
from shopsim.learning.network.activations import Stem

if TYPE_CHECKING:
    import keras

FULL_PRECISION = "float32"
_CONVOLUTIONS = ("Conv2D", "DepthwiseConv2dNative")
_AFFINE = {"Mul", "Add", "AddV2", "BiasAdd", "Sub", "FusedBatchNormV3", "Identity", "Cast"}
_N_CONVOLUTIONS = 52
_SCALED = "scaled"
# Two ways to the same numbers; the Hub's own quantised weights agree less well with each other.
_LEAST_COSINE = 0.999
_WIDTHS = {1280: 1.0, 1792: 1.4}


def load_network(folder: Path, side: int, n_features: int) -> keras.Model:
    """Returns the network: (b, side, side, 3) float32 RGB in 0..255 -> (b, n_features) float32, the pooled features.

    A SavedModel from the Hub may hold constants only. So each convolution's kernel is read from its frozen graph,
    with the shift and scale that follow it, whatever form these have there. Batch normalisation keeps its
    statistics: a tail trained on batches of few models would follow these.

    Raises ShopsimError if the SavedModel is no MobileNetV2 of a known width, or the two give different numbers.
    """
    tf = import_tensorflow()
    import keras

    frozen = _frozen(folder, side)
    inputs = keras.Input((side, side, 3))
    scaled = keras.layers.Rescaling(1 / 127.5, offset=-1.0, name=_SCALED)(inputs)
    network = keras.applications.MobileNetV2(
        alpha=_WIDTHS.get(n_features, 1.0), include_top=False, weights=None, pooling="avg", input_tensor=scaled
    )
    # What Keras answers takes a list of one input, and warns of each call without it.
    network = keras.Model(inputs, network.output)
    if network.output_shape[-1] != n_features:
        raise _wrong(folder, f"it has {n_features} features; MobileNetV2 has {' or '.join(map(str, _WIDTHS))}")
    _copy_weights(frozen, network, folder)
    photos = np.random.default_rng(0).integers(0, 256, (4, side, side, 3)).astype(np.float32)
    theirs, ours = frozen(tf.constant(photos / 255))[0].numpy(), network(photos, training=False).numpy()
    norms = np.linalg.norm(theirs, axis=1) * np.linalg.norm(ours, axis=1)
    cosine = float(((theirs * ours).sum(axis=1) / np.maximum(norms, 1e-12)).min())
    if not cosine >= _LEAST_COSINE:
        raise _wrong(folder, f"its features agree with those of the weights read from it to a cosine of {cosine:.3f}")
    return network


class Backbone:
    """A network in two parts, cut at a layer: the stem stays as it is, the tail is trained; at '' all of it is.

    folder: of the SavedModel whose weights it has; key: of these and the photo's size.
    """

    def __init__(self, folder: Path, side: int, n_features: int, layer: str) -> None:
        import keras

        self.n_features = n_features
        self.network = load_network(folder, side, n_features)
        # What is trained last of all begins after the scaling, which has nothing to learn.
        self.layer = layer or _SCALED
        middle = self.network.get_layer(self.layer).output
        key = f"weights={weights_digest(folder)} layer={self.layer} input={side} reading={READING}"
        self.stem = Stem(keras.Model(self.network.input, middle), key, side)
        self._tail = keras.Model(middle, self.network.output)

    def new_tail(self, precision: str = FULL_PRECISION) -> keras.Model:
        """Returns a new tail, from activations to pooled features, with the original weights.

        precision: Keras's policy for the numbers between layers.
        """
        import keras

        def again(layer: keras.Layer) -> keras.Layer:
            return type(layer).from_config({**layer.get_config(), "dtype": precision})

        tail = keras.models.clone_model(self._tail, clone_function=again)
        tail.set_weights(self._tail.get_weights())
        for part in tail.layers:
            part.trainable = not isinstance(part, keras.layers.BatchNormalization)
        return tail

    def trained(self, weights: Sequence[np.ndarray]) -> keras.Model:
        """Returns a copy of the whole network with a tail of these weights."""
        import keras

        tail = keras.models.clone_model(self._tail)
        tail.set_weights(list(weights))
        return keras.Model(self.network.input, tail(self.network.get_layer(self.layer).output))


def _frozen(folder: Path, side: int) -> Any:
    """Returns the SavedModel as a function of (b, side, side, 3) floats in 0..1, with constant weights."""
    tf = import_tensorflow()
    from tensorflow.python.framework.convert_to_constants import convert_variables_to_constants_v2

    # Held until its constants are taken.
    _model, call, _ = load_entry(folder)
    concrete = tf.function(call).get_concrete_function(tf.TensorSpec((None, side, side, 3), tf.float32))
    return convert_variables_to_constants_v2(concrete)


def _copy_weights(frozen: Any, network: keras.Model, folder: Path) -> None:
    import keras

    layers = network.layers
    convolutions = [layer for layer in layers if isinstance(layer, keras.layers.Conv2D | keras.layers.DepthwiseConv2D)]
    norms = [layer for layer in layers if isinstance(layer, keras.layers.BatchNormalization)]
    found = list(_affine_convolutions(frozen))
    if len(found) != len(convolutions):
        raise _wrong(folder, f"it has {len(found)} convolutions; a MobileNetV2 has {_N_CONVOLUTIONS}")
    for convolution, norm, (kernel, scale, shift) in zip(convolutions, norms, found, strict=True):
        expected = tuple(convolution.get_weights()[0].shape)
        if kernel.shape != expected:
            raise _wrong(folder, f"its kernel {kernel.shape} stands where {expected} is expected")
        convolution.set_weights([kernel])
        # Scale and shift alone: with this mean and variance the statistics leave a value as it is.
        norm.set_weights([scale, shift, np.zeros_like(scale), np.full_like(scale, 1 - norm.epsilon)])


def _affine_convolutions(frozen: Any) -> Iterator[tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Yields, in order, each kernel, with its channels' scale and shift up to the next step that is not linear."""
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
            yield kernel, scale, shift


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
