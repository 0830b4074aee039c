"""A small MobileNetV2 with random weights as a SavedModel, and photos to train it on."""

import numpy as np

from shopsim.learning.network.engine import Recipe

SIDE = 64
RECIPE = Recipe(n_views=2, learning_rate=3e-3)
MOST_MODELS = 12


def coloured_photos(models, seed):
    """(n, SIDE, SIDE, 3) float32 of (n,) models, each with a colour of its own, under noise."""
    colours = np.random.default_rng(0).integers(40, 216, (64, 1, 1, 3))
    noise = np.random.default_rng(seed).normal(0, 30, (len(models), SIDE, SIDE, 3))
    return (colours[models] + noise).clip(0, 255).astype(np.float32)


def save_random_network(folder):
    """A SavedModel of floats in 0..1, as the Hub's are; gives its features of photos of 0..255, by Keras itself."""
    import keras
    import tensorflow as tf

    keras.utils.set_random_seed(3)
    inputs = keras.Input((SIDE, SIDE, 3))
    scaled = keras.layers.Rescaling(2.0, offset=-1.0)(inputs)
    network = keras.applications.MobileNetV2(include_top=False, weights=None, pooling="avg", input_tensor=scaled)
    model = keras.Model(inputs, network.output)
    norms = [layer for layer in network.layers if isinstance(layer, keras.layers.BatchNormalization)]
    # Seen some photos, random weights still tell them apart; without, all come out alike.
    for layer in norms:
        layer.momentum = 0.3
    for seed in range(4):
        model(coloured_photos(np.arange(32), seed) / 255.0, training=True)
    module = tf.Module()
    module.network = model
    serve = tf.function(
        lambda photos: model(photos, training=False), input_signature=[tf.TensorSpec((None, SIDE, SIDE, 3))]
    )
    tf.saved_model.save(module, str(folder), signatures={"serving_default": serve})
    return lambda photos: model(photos / 255.0, training=False).numpy()
