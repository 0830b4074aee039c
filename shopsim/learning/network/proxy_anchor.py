"""The loss a training lessens: photos near their model's proxy and far from those of all others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from shopsim.features.networks.saved_model import import_tensorflow

if TYPE_CHECKING:
    import tensorflow as tf

ALPHA = 32.0
MARGIN = 0.1


def proxy_anchor_loss(embeddings: tf.Tensor, labels_true: tf.Tensor, proxies: tf.Tensor) -> tf.Tensor:
    """One number, 0 at best.

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
