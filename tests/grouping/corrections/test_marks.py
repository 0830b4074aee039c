"""Names and approvals find their group again by its photos."""

import numpy as np

from shopsim.grouping.corrections.action import APPROVE, NAME, Action
from shopsim.grouping.corrections.marks import marks_of

KEYS = list("abcdef")


def named(number, photos, text="boots", undone=0):
    return Action(NAME, (tuple(photos),), text, number=number, undone=undone)


def marks(labels, *actions, kind=NAME):
    found = marks_of(actions, kind, KEYS, np.array(labels))
    return {group: (mark.action.text, mark.n_joined, mark.n_left) for group, mark in found.items()}


def test_a_name_goes_to_the_group_that_has_most_of_its_photos():
    assert marks([0, 0, 0, 1, 1, 1], named(1, "abc")) == {0: ("boots", 0, 0)}
    assert marks([1, 1, 0, 1, 0, 0], named(1, "abc")) == {1: ("boots", 1, 1)}


def test_a_name_whose_group_fell_in_two_halves_has_none():
    assert marks([0, 0, 1, 1, 2, 2], named(1, "abcd")) == {}


def test_the_latest_name_counts_and_one_that_was_undone_does_not():
    first, second = named(1, "ab", "boots"), named(2, "abc", "shoes")
    assert marks([0] * 6, first, second)[0][0] == "shoes"
    assert marks([0] * 6, first, named(2, "abc", "shoes", undone=1))[0][0] == "boots"


def test_photos_that_are_not_here_count_for_nothing():
    assert marks([0, 0, 1, 1, 1, 1], named(1, ["a", "b", "gone", "lost"])) == {0: ("boots", 0, 0)}
    assert marks([0] * 6, named(1, ["gone"])) == {}


def test_an_approval_says_whether_its_group_has_changed():
    approved = Action(APPROVE, (("a", "b"),), number=1)
    assert not marks_of([approved], APPROVE, KEYS, np.array([0, 0, 1, 1, 1, 1]))[0].has_changed
    assert marks_of([approved], APPROVE, KEYS, np.array([0, 0, 0, 1, 1, 1]))[0].has_changed
