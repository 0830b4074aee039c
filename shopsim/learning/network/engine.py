"""One compiled step of training and one of extraction, which all trainings of a backbone use in turn."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.features.networks.saved_model import import_tensorflow
from shopsim.learning.network.backbone import FULL_PRECISION, Backbone

if TYPE_CHECKING:
    import tensorflow as tf

MIXED_PRECISION = "mixed_bfloat16"
"""Keras's name for half as many bits between layers; with the exponents of float32, no loss needs to be scaled."""
_REMEMBERED = 0.98
"""The share of the running mean that stays at each batch: the mean reaches back over some 50 batches."""
# Those of the paper that `proxy_anchor_loss` names.
ALPHA, MARGIN = 32.0, 0.1


@dataclass(frozen=True)
class Recipe:
    """How a tail is trained.

    layer: the last one that stays as it is, '' for none. n_views: per photo, the photo itself included. embedding:
    length of the vectors on which the loss is computed. They transfer less well to other models, so they are dropped
    after training, and the pooled features are kept.
    """

    layer: str = ""
    n_views: int = 4
    embedding: int = 128
    learning_rate: float = 3e-4
    proxy_rate: float = 1e-2
    weight_decay: float = 1e-4


def recipe_for(backbone: Backbone) -> Recipe:
    """Returns how the tail of this network is trained."""
    return Recipe(layer=backbone.cut, learning_rate=backbone.architecture.learning_rate)


class Engine:
    """Holds the variables of one training at a time, since tracing the step takes as long as a pass over 100 photos.

    most_models: the largest number of models of any training. precision: of the numbers between layers; weights are
    always float32.
    """

    def __init__(self, backbone: Backbone, recipe: Recipe, most_models: int, precision: str = "") -> None:
        tf = import_tensorflow()
        import keras

        self._tail, self._shown = backbone.new_tail(precision or _precision_here()), backbone.new_tail()
        # Kept is a running mean of the weights: where training is stopped then matters less.
        self._mean = [tf.Variable(variable) for variable in self._tail.trainable_variables]
        self._projection = tf.Variable(tf.zeros((backbone.n_features, recipe.embedding)))
        self._proxies = tf.Variable(tf.zeros((most_models, recipe.embedding)))
        rates = (recipe.learning_rate, recipe.proxy_rate)
        trained = ([*self._tail.trainable_variables, self._projection], [self._proxies])
        self._optimisers = [
            (keras.optimizers.AdamW(rate, weight_decay=recipe.weight_decay), variables)
            for rate, variables in zip(rates, trained, strict=True)
        ]
        for optimiser, variables in self._optimisers:
            optimiser.build(variables)
        self._fresh = [np.asarray(variable) for variable in self._variables()]
        self._step = tf.function(self._one_step, reduce_retracing=True)
        self._forward = tf.function(
            lambda rows: self._shown(tf.cast(rows, tf.float32), training=False), reduce_retracing=True
        )

    def fresh(self, n_models: int, seed: int) -> list[np.ndarray]:
        """Returns the state from which a training of so many models starts."""
        import keras

        state = [array.copy() for array in self._fresh]
        places = {id(variable): place for place, variable in enumerate(self._variables())}
        state[places[id(self._projection)]] = np.asarray(keras.initializers.GlorotUniform(seed)(self._projection.shape))
        proxies = np.asarray(keras.initializers.HeNormal(seed)((n_models, self._proxies.shape[1])))
        state[places[id(self._proxies)]][:n_models] = proxies
        return state

    def load(self, state: Sequence[np.ndarray]) -> None:
        """Loads a state to go on from. Raises ValueError if it is not one of this engine's."""
        variables = self._variables()
        if [tuple(variable.shape) for variable in variables] != [array.shape for array in state]:
            raise ValueError("These arrays are no state of this training.")
        for variable, array in zip(variables, state, strict=True):
            variable.assign(array)

    def state(self) -> list[np.ndarray]:
        """Returns every number from which a training goes on, always in the same order."""
        return [np.asarray(variable) for variable in self._variables()]

    def weights(self) -> list[np.ndarray]:
        """Returns the weights of the tail; those that are trained as their running mean."""
        paths = (variable.path for variable in self._tail.trainable_variables)
        mean = dict(zip(paths, self._mean, strict=True))
        return [np.asarray(mean.get(variable.path, variable)) for variable in self._tail.weights]

    def step(self, rows: np.ndarray, labels_true: np.ndarray, n_models: int) -> float:
        """Learns from one batch, and returns its loss before that; labels_true: (b,) from 0 to n_models - 1."""
        tf = import_tensorflow()
        return float(self._step(tf.constant(rows), tf.constant(labels_true), tf.constant(n_models)))

    def show(self, weights: Sequence[np.ndarray]) -> None:
        """Lets `features` use these weights; those in training stay as they are."""
        self._shown.set_weights(list(weights))

    def features(self, rows: np.ndarray) -> np.ndarray:
        """Returns (b, n_features) float32 for (b, ...) activations."""
        return self._forward(import_tensorflow().constant(rows)).numpy()

    def _variables(self) -> list[Any]:
        own = [*self._tail.variables, *self._mean, self._projection, self._proxies]
        return own + [each for optimiser, _ in self._optimisers for each in optimiser.variables]

    def _one_step(self, rows: tf.Tensor, labels_true: tf.Tensor, n_models: tf.Tensor) -> tf.Tensor:
        tf = import_tensorflow()
        with tf.GradientTape() as tape:
            pooled = tf.cast(self._tail(tf.cast(rows, tf.float32), training=False), tf.float32)
            loss = proxy_anchor_loss(pooled @ self._projection, labels_true, self._proxies[:n_models])
        gradients = tape.gradient(loss, [variables for _, variables in self._optimisers])
        for (optimiser, variables), given in zip(self._optimisers, gradients, strict=True):
            optimiser.apply_gradients(zip(given, variables, strict=True))
        for mean, variable in zip(self._mean, self._tail.trainable_variables, strict=True):
            mean.assign(_REMEMBERED * mean + (1 - _REMEMBERED) * variable)
        return loss


def _precision_here() -> str:
    """Returns mixed precision if there is a GPU, which gains from it; processors mostly lose."""
    return MIXED_PRECISION if import_tensorflow().config.list_physical_devices("GPU") else FULL_PRECISION


def proxy_anchor_loss(embeddings: tf.Tensor, labels_true: tf.Tensor, proxies: tf.Tensor) -> tf.Tensor:
    """Returns one number, 0 at best: photos are to be near their model's proxy and far from those of all others.

    embeddings: (b, d) floats of any length; labels_true: (b,) integers, rows of proxies (n_models, d).
    Source: Kim et al., Proxy Anchor Loss for Deep Metric Learning, CVPR 2020, with its alpha and margin.
    """
    tf = import_tensorflow()
    n_models = tf.shape(proxies)[0]
    similarity = tf.nn.l2_normalize(embeddings, 1) @ tf.transpose(tf.nn.l2_normalize(proxies, 1))
    same = tf.one_hot(labels_true, n_models)
    near = tf.reduce_sum(same * tf.exp(-ALPHA * (similarity - MARGIN)), 0)
    far = tf.reduce_sum((1 - same) * tf.exp(ALPHA * (similarity + MARGIN)), 0)
    n_present = tf.reduce_sum(tf.cast(tf.reduce_any(same > 0, 0), tf.float32))
    return tf.reduce_sum(tf.math.log1p(near)) / n_present + tf.reduce_mean(tf.math.log1p(far))
