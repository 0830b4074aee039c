"""What becomes of groups: by hand."""

import numpy as np

from shopsim.grouping.matching.difference import difference


def of(before, after):
    return difference(np.array(before), np.array(after))


def test_renumbered_groups_are_the_same():
    found = of([0, 0, 1, 5], [7, 7, 2, 0])
    assert found.same.tolist() == [0, 1, 5]
    assert found.heir.tolist() == [5, 1, 0]
    assert not any(len(each) for each in (found.grew, found.shrank, found.split, found.merged, found.new, found.gone))
    assert len(found.moved) == 0


def test_a_split():
    found = of([0, 0, 0, 1], [0, 0, 2, 1])
    assert (found.split.tolist(), found.shrank.tolist(), found.new.tolist()) == ([0], [0], [2])
    assert (found.same.tolist(), found.moved.tolist()) == ([1], [2])


def test_a_merge():
    found = of([0, 0, 0, 1], [3, 3, 3, 3])
    assert (found.merged.tolist(), found.grew.tolist(), found.gone.tolist()) == ([3], [0], [1])
    assert found.moved.tolist() == [3]


def test_a_photo_that_moves_from_one_group_to_another():
    found = of([0, 0, 0, 1, 1], [0, 0, 1, 1, 1])
    assert (found.shrank.tolist(), found.grew.tolist(), found.moved.tolist()) == ([0], [1], [2])
