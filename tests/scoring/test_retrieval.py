"""Recall@1 and MAP@R."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim.base.labels import UNLABELLED
from shopsim.scoring.retrieval import retrieval


def at_angles(*degrees):
    """Unit rows in a plane."""
    radians = np.radians(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def by_hand(rows, labels):
    recall, precision = [], []
    for photo in range(len(rows)):
        others = [other for other in range(len(rows)) if other != photo]
        n_same = sum(labels[other] == labels[photo] for other in others)
        if not n_same:
            continue
        near = sorted(others, key=lambda other: -float(rows[photo] @ rows[other]))[:n_same]
        right = [labels[other] == labels[photo] for other in near]
        recall.append(right[0])
        precision.append(sum(sum(right[: place + 1]) / (place + 1) for place in range(n_same) if right[place]) / n_same)
    return (np.mean(recall), np.mean(precision)) if recall else (1.0, 1.0)


def test_models_that_stand_apart_are_all_found():
    assert retrieval(at_angles(0, 5, 90, 95), np.array([0, 0, 1, 1])) == (1.0, 1.0)


def test_models_that_stand_among_each_other_are_not():
    assert retrieval(at_angles(0, 5, 90, 95), np.array([0, 1, 0, 1])) == (0.0, 0.0)


def test_what_has_no_other_photo_is_not_asked():
    assert retrieval(at_angles(0, 5, 90), np.array([0, 0, 1])) == (1.0, 1.0)
    assert retrieval(at_angles(0, 5), np.array([0, 1])) == (1.0, 1.0)


def test_photos_without_a_label_take_no_part():
    rows, labels = at_angles(0, 1, 5, 90), np.array([0, UNLABELLED, 0, 1])
    assert retrieval(rows, labels) == retrieval(rows[[0, 2, 3]], labels[[0, 2, 3]])


@given(st.lists(st.integers(0, 4), min_size=2, max_size=40), st.integers(0, 99))
def test_it_is_what_a_count_by_hand_gives(labels, seed):
    rows = np.random.default_rng(seed).normal(size=(len(labels), 5)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    assert retrieval(rows, np.array(labels)) == pytest.approx(by_hand(rows, labels))


def test_of_equally_near_photos_the_first_ones_count():
    rows = np.random.default_rng(0).integers(-1, 2, (300, 3)).astype(np.float32)
    rows[np.abs(rows).sum(axis=1) == 0] = [1, 0, 0]
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    labels = np.random.default_rng(1).integers(0, 20, 300)
    assert retrieval(rows, labels) == pytest.approx(by_hand(rows, labels))
