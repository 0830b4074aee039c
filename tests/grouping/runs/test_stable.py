"""Groups keep their numbers from run to run."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from shopsim.grouping.runs.stable import renumbered, successors


def numbers(before, after, first_free=100):
    before, after = np.array(before), np.array(after)
    return renumbered(after, successors(before, after), first_free).tolist()


def test_group_12_stays_group_12_when_the_order_changes():
    assert numbers([12, 12, 5, 5, 5], [0, 0, 1, 1, 1]) == [12, 12, 5, 5, 5]


def test_the_larger_piece_keeps_the_number():
    assert numbers([3, 3, 3, 3], [0, 1, 1, 1]) == [100, 3, 3, 3]


def test_a_merged_group_has_the_number_of_its_larger_part():
    assert numbers([1, 1, 2, 2, 2], [0, 0, 0, 0, 0]) == [2] * 5


def test_equal_pieces_leave_the_number_to_the_lower_group():
    assert numbers([4, 4], [0, 1]) == [4, 100]


def test_pieces_of_many_groups_continue_none():
    """Neither half of a group before nor half of the group after."""
    assert numbers([0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 1, 0, 2, 2, 0, 3, 3]) == [100, 0, 0, 100, 1, 1, 100, 2, 2]


@given(st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), max_size=30))
def test_renumbering_changes_no_group(pairs):
    before, after = (np.array([pair[side] for pair in pairs], np.int64) for side in (0, 1))
    lent = successors(before, after)
    assert len(set(lent.values())) == len(lent)
    made = renumbered(after, lent, 5)
    assert len(np.unique(made)) == len(np.unique(after)) == len(np.unique(np.stack([made, after]), axis=1).T)
