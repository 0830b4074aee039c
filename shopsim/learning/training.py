"""Trains the last blocks of a network on models whose photos are labelled, pass by pass; resumes where it was."""

from __future__ import annotations

import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from shopsim.atomic import replacing
from shopsim.extractors.saved_model import import_tensorflow
from shopsim.learning.activations import Activations
from shopsim.learning.backbone import Backbone
from shopsim.learning.batches import batches, n_batches
from shopsim.learning.proxy_anchor import proxy_anchor_loss
from shopsim.progress import Progress, silent

if TYPE_CHECKING:
    import tensorflow as tf

_AT_ONCE = 64
_REMEMBERED = 0.98
"""Of the running mean, at each batch: it reaches back over some 50."""
_STATE = "state.npz"


@dataclass(frozen=True)
class Recipe:
    """How a tail is trained.

    layer: the last one that stays as it is; n_views: of each photo, the photo itself being one. The pooled features
    are kept; the embedding of so many numbers, on which the loss is computed, transfers less well and is dropped.
    """

    layer: str = "block_13_project_BN"
    n_views: int = 4
    embedding: int = 128
    learning_rate: float = 3e-4
    proxy_rate: float = 1e-2
    weight_decay: float = 1e-4


class TailTraining:
    """One training: the tail's weights, a projection and a proxy a model, and the optimisers' state.

    labels_true: (n,) integers of the n photos of `activations` numbered in `photos`. keep: a folder; each pass that
    is done is kept there, and a training of the same folder goes on after the last one, as if it had never stopped.
    """

    def __init__(
        self,
        backbone: Backbone,
        activations: Activations,
        photos: np.ndarray,
        labels_true: np.ndarray,
        recipe: Recipe,
        seed: int,
        keep: Path,
    ) -> None:
        tf = import_tensorflow()
        import keras

        self._activations, self._photos, self._seed, self.keep = activations, photos, seed, keep
        models, self._labels = np.unique(labels_true, return_inverse=True)
        self._n_views = recipe.n_views
        self.losses: list[float] = []
        self._tail = backbone.new_tail()
        shape = backbone.n_features, recipe.embedding
        self._projection = tf.Variable(keras.initializers.GlorotUniform(seed)(shape))
        self._proxies = tf.Variable(keras.initializers.HeNormal(seed)((len(models), recipe.embedding)))
        # Kept is a running mean of the weights: where training is stopped then matters less.
        self._mean = [tf.Variable(variable) for variable in self._tail.trainable_variables]
        trained = [*self._tail.trainable_variables, self._projection]
        self._optimisers = (
            (keras.optimizers.AdamW(recipe.learning_rate, weight_decay=recipe.weight_decay), trained),
            (keras.optimizers.AdamW(recipe.proxy_rate, weight_decay=recipe.weight_decay), [self._proxies]),
        )
        for optimiser, variables in self._optimisers:
            optimiser.build(variables)
        # Beside the one that is trained: looking at the features of one pass must not disturb the next.
        self._shown = backbone.new_tail()
        self._step = tf.function(self._one_step)
        self._forward = tf.function(lambda rows: self._shown(tf.cast(rows, tf.float32), training=False))
        if not self._restore():
            self._save()

    @property
    def n_done(self) -> int:
        """Passes."""
        return len(self.losses)

    @property
    def n_batches(self) -> int:
        """Of a pass."""
        return n_batches(self._labels)

    def one_pass(self, progress: Progress = silent) -> float:
        """See each photo about once; the mean loss. progress: counts batches."""
        tf = import_tensorflow()
        total, losses = self.n_batches, []
        for done, (rows, views) in enumerate(batches(self._labels, self._n_views, self._seed, self.n_done)):
            progress(done, total)
            read = self._activations.read(self._photos[rows], views)
            losses.append(float(self._step(tf.constant(read), tf.constant(self._labels[rows]))))
        self.losses.append(float(np.mean(losses)))
        self._save()
        return self.losses[-1]

    def take(self, n_passes: int) -> None:
        """Give `features` the weights as they were after so many passes; none for those it started with."""
        weights = np.load(self.keep / _name(n_passes), allow_pickle=False)
        self._shown.set_weights([weights[name] for name in weights.files])

    def weights(self) -> list[np.ndarray]:
        """Of the tail, as last taken."""
        return self._shown.get_weights()

    def features(self, photos: np.ndarray) -> np.ndarray:
        """(b,) numbers of photos -> (b, n_features) float32, of the photos themselves, not their edits."""
        tf = import_tensorflow()
        parts = [photos[start : start + _AT_ONCE] for start in range(0, len(photos), _AT_ONCE)]
        return np.concatenate([self._forward(tf.constant(self._activations.read(part))).numpy() for part in parts])

    def _one_step(self, rows: tf.Tensor, labels_true: tf.Tensor) -> tf.Tensor:
        tf = import_tensorflow()
        with tf.GradientTape() as tape:
            pooled = self._tail(tf.cast(rows, tf.float32), training=False)
            loss = proxy_anchor_loss(pooled @ self._projection, labels_true, self._proxies)
        gradients = tape.gradient(loss, [variables for _, variables in self._optimisers])
        for (optimiser, variables), given in zip(self._optimisers, gradients, strict=True):
            optimiser.apply_gradients(zip(given, variables, strict=True))
        for mean, variable in zip(self._mean, self._tail.trainable_variables, strict=True):
            mean.assign(_REMEMBERED * mean + (1 - _REMEMBERED) * variable)
        return loss

    def _state(self) -> list[Any]:
        """Every variable from which the training goes on, in an order that is always the same."""
        own = [*self._tail.variables, *self._mean, self._projection, self._proxies]
        return own + [each for optimiser, _ in self._optimisers for each in optimiser.variables]

    def _save(self) -> None:
        paths = (variable.path for variable in self._tail.trainable_variables)
        mean = dict(zip(paths, self._mean, strict=True))
        weights = [np.asarray(mean.get(variable.path, variable)) for variable in self._tail.weights]
        _write(self.keep / _name(self.n_done), weights)
        # Last, so that a pass which is counted has its weights.
        values = [np.asarray(variable) for variable in self._state()]
        _write(self.keep / _STATE, [np.array(self.losses), *values])

    def _restore(self) -> bool:
        """Whether there was a state to go on from; a damaged one is none."""
        try:
            with np.load(self.keep / _STATE, allow_pickle=False) as kept:
                losses, *values = (kept[name] for name in kept.files)
        except (OSError, ValueError, EOFError, KeyError, zipfile.BadZipFile):
            return False
        state = self._state()
        if [value.shape for value in values] != [tuple(variable.shape) for variable in state]:
            return False
        for variable, value in zip(state, values, strict=True):
            variable.assign(value)
        self.losses = losses.tolist()
        return True


def _name(n_passes: int) -> str:
    return f"pass-{n_passes:03d}.npz"


def _write(path: Path, arrays: Sequence[np.ndarray]) -> None:
    with replacing(path) as file:
        # Names that sort as the arrays stand.
        np.savez(file, **{f"{number:04d}": array for number, array in enumerate(arrays)})
