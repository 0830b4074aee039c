"""The loss that training lessens."""

import numpy as np
import pytest

from shopsim.learning.network.engine import ALPHA, MARGIN, proxy_anchor_loss

pytestmark = pytest.mark.slow


def by_hand(embeddings, labels, proxies):
    unit = [rows / np.linalg.norm(rows, axis=1, keepdims=True) for rows in (embeddings, proxies)]
    similarity = unit[0] @ unit[1].T
    near, far = [], []
    for model in range(len(proxies)):
        own = similarity[labels == model, model]
        if len(own):
            near.append(np.log1p(np.exp(-ALPHA * (own - MARGIN)).sum()))
        far.append(np.log1p(np.exp(ALPHA * (similarity[labels != model, model] + MARGIN)).sum()))
    return np.sum(near) / len(near) + np.sum(far) / len(far)


def test_it_is_the_formula_of_the_paper():
    rng = np.random.default_rng(0)
    embeddings, proxies = rng.normal(size=(12, 6)).astype(np.float32), rng.normal(size=(5, 6)).astype(np.float32)
    labels = np.array([0, 0, 0, 1, 1, 1, 3, 3, 3, 3, 0, 1])
    loss = float(proxy_anchor_loss(embeddings, labels, proxies))
    assert loss == pytest.approx(by_hand(embeddings, labels, proxies), rel=1e-4)


def test_photos_at_their_proxies_cost_less_than_elsewhere():
    proxies = np.eye(4, dtype=np.float32)
    labels = np.arange(4)
    assert proxy_anchor_loss(proxies, labels, proxies) < proxy_anchor_loss(proxies[::-1], labels, proxies) / 5
