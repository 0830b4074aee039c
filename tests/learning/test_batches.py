"""Batches for training."""

import numpy as np
import pytest

from shopsim.learning.network.batches import batches, n_batches

LABELS = np.repeat(np.arange(30), [1] * 5 + [2] * 10 + [9] * 10 + [40] * 5)


def drawn(labels, seed=0, number=0, **shape):
    return list(batches(labels, 4, seed, number, **shape))


def test_a_pass_is_the_same_every_time_and_unlike_other_passes():
    first, again, second, other_seed = drawn(LABELS), drawn(LABELS), drawn(LABELS, number=1), drawn(LABELS, seed=1)
    assert all((a[0] == b[0]).all() and (a[1] == b[1]).all() for a, b in zip(first, again, strict=True))
    for other in (second, other_seed):
        assert any((a[0] != b[0]).any() for a, b in zip(first, other, strict=True))


def test_a_pass_shows_every_photo_of_models_that_are_not_far_larger_than_others():
    labels = np.repeat(np.arange(20), [3] * 5 + [9] * 10 + [40] * 5)
    assert set(np.concatenate([rows for rows, _ in drawn(labels)])) == set(range(len(labels)))


def test_each_model_of_a_batch_has_several_photos():
    for rows, views in drawn(LABELS):
        assert rows.shape == views.shape == (64,)
        assert (np.unique(LABELS[rows], return_counts=True)[1] % 4 == 0).all()


def test_a_model_of_most_photos_does_not_fill_a_pass():
    labels = np.concatenate([np.zeros(5000, int), np.repeat(np.arange(1, 41), 8)])
    seen = np.concatenate([rows for rows, _ in drawn(labels)])
    assert (labels[seen] == 0).mean() < 0.5


def test_views_are_all_drawn():
    assert set(np.concatenate([views for _, views in drawn(LABELS)])) == {0, 1, 2, 3}


@pytest.mark.parametrize("labels", [[0, 0, 1, 1], [0, 1, 2], np.arange(200) // 2])
def test_few_photos_still_make_a_batch(labels):
    labels = np.array(labels)
    found = drawn(labels)
    assert len(found) == n_batches(labels) >= 1
    assert all(len(rows) == 64 for rows, _ in found)
