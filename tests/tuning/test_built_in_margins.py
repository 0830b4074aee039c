"""The margin of a cut: how much more similar a photo is to its own group than to the next one."""

import numpy as np
import pytest

from shopsim.tuning.built_in.margins import margins


def at(*degrees):
    """Unit rows at these angles in a plane."""
    angles = np.radians(degrees)
    return np.column_stack([np.cos(angles), np.sin(angles)])


def test_two_pairs_at_a_right_angle():
    vectors = at(0, 0, 90, 90)
    assert margins([np.array([0, 0, 1, 1])], vectors) == pytest.approx([1])


def test_a_photo_that_is_alone_counts_nothing():
    vectors = at(0, 0, 90)
    assert margins([np.array([0, 0, 1])], vectors) == pytest.approx([2 / 3])


def test_all_alone_and_one_group_have_no_margin():
    vectors = at(0, 30, 60)
    assert margins([np.arange(3), np.zeros(3, dtype=np.int64)], vectors).tolist() == [0, 0]


def test_a_wrong_place_counts_against_the_cut():
    vectors = at(0, 0, 90, 90)
    right, wrong = margins([np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])], vectors)
    assert right > 0 > wrong


def test_a_photo_compares_its_group_with_the_most_similar_other_one():
    vectors = at(0, 60, 90, 180)
    own = np.cos(np.radians(60))
    next_ones = np.array([np.cos(np.radians(90)), np.cos(np.radians(30))])
    assert margins([np.array([0, 0, 1, 2])], vectors) == pytest.approx([(own - next_ones).sum() / 4])
