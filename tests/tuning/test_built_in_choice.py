"""The opening cut: what the forest expects counts, and so does what needs no learning."""

import numpy as np
import pytest

from shopsim.tuning.built_in.choice import opening_cut
from shopsim.tuning.built_in.statistics import NAMES, scaled_to, telling_cuts

N_IMAGES = 100
N_GROUPS = np.array([100, 60, 40, 20, 1])


def described(margin, second):
    """Statistics of five cuts of which only these two are known."""
    found = np.zeros((5, len(NAMES)))
    found[:, NAMES.index("margin_scaled")] = margin
    found[:, NAMES.index("second_scaled")] = second
    return found


def opened(expected_ari, margin=(0, 0, 0, 0, 0), second=(0, 0, 0, 0, 0)):
    return opening_cut(np.array(expected_ari), described(margin, second), N_GROUPS, N_IMAGES)


def test_alone_the_forest_decides():
    assert opened([0.1, 0.2, 0.6, 0.3, 0.1]) == 2


def test_where_the_forest_is_nearly_undecided_the_rest_decides():
    assert opened([0, 0.5, 0.2, 0.49, 0], margin=[0, 0.2, 0, 1, 0], second=[0, 0.3, 0, 1, 0]) == 3


def test_a_cut_that_shows_nothing_is_taken_only_if_the_forest_expects_much_of_it():
    assert opened([0.5, 0.2, 0.4, 0.3, 0.1], margin=[1, 0, 1, 0, 1], second=[1, 0, 1, 0, 1]) == 2
    assert opened([0.9, 0.2, 0.4, 0.3, 0.1], margin=[0, 0, 0.9, 0, 0], second=[0, 0, 0.9, 0, 0]) == 0


def test_of_a_sample_only_the_forest_is_asked():
    found = described(margin=[0, 1, 0, 0, 0], second=[0, 1, 0, 0, 0])
    n_groups = 100 * N_GROUPS
    assert opening_cut(np.array([0.1, 0.5, 0.2, 0.51, 0]), found, n_groups, 100 * N_IMAGES) == 3
    assert opening_cut(np.array([0.1, 0.5, 0.2, 0.51, 0]), found, N_GROUPS, N_IMAGES) == 1


def test_cuts_that_show_nothing_are_those_at_the_ends():
    assert telling_cuts(N_GROUPS, N_IMAGES).tolist() == [False, True, True, True, False]
    assert telling_cuts(np.array([100, 99, 1]), N_IMAGES).all()


def test_scales_reach_from_0_to_1_over_the_telling_cuts():
    telling = np.array([False, True, True, True])
    assert scaled_to(np.array([9.0, 1, 2, 3]), telling) == pytest.approx([2, 0, 0.5, 1])
    assert scaled_to(np.array([1.0, 1, 1, 1]), telling).tolist() == [0, 0, 0, 0]
