"""What changed between two runs, each case small enough to be read off."""

import pytest
from run_cases import made_run

from shopsim.grouping.runs.changes import KINDS, changes_between


def told(before, after, **photos_after):
    """{kind: [(groups before, groups after, rows)]} of the kinds that occur."""
    found = changes_between(made_run(before), made_run(after, **photos_after))
    return {
        kind: [(change.before, change.after, change.rows) for change in found.groups[kind]]
        for kind in KINDS
        if found.groups[kind]
    }


def test_nothing_changes_whatever_the_numbers():
    assert told([0, 0, 1, 1, 2], [7, 7, 3, 3, 9]) == {}
    found = changes_between(made_run([0, 0, 1, 1]), made_run([5, 5, 2, 2]))
    assert (found.n_unchanged, len(found.moved)) == (2, 0)


def test_a_group_is_split():
    found = changes_between(made_run([0, 0, 0, 0, 1]), made_run([0, 0, 0, 2, 1]))
    assert [(change.before, change.after, change.rows) for change in found.groups["split"]] == [((0,), (0, 2), (3,))]
    assert found.moved.tolist() == [[3, 3]]
    assert found.n_unchanged == 1


def test_two_groups_are_merged():
    assert told([0, 0, 0, 1, 1], [0, 0, 0, 0, 0]) == {"merged": [((0, 1), (0,), (3, 4))]}


def test_a_photo_that_moves_splits_one_group_and_joins_another():
    assert told([0, 0, 0, 1, 1, 1], [0, 0, 1, 1, 1, 1]) == {
        "split": [((0,), (0, 1), (2,))],
        "merged": [((1, 0), (1,), (2,))],
    }


def test_a_new_photo_lets_its_group_grow():
    assert told([0, 0, 1], [0, 0, 1, 1], a="0", b="1", c="2", new="9") == {"grew": [((1,), (1,), (3,))]}


def test_a_photo_that_is_gone_lets_its_group_shrink():
    assert told([0, 0, 1], [0, 1], a="0", c="2") == {"shrank": [((0,), (0,), (1,))]}


def test_groups_of_new_photos_are_new_and_those_of_gone_photos_vanish():
    assert told([0, 0, 1], [0, 0, 2, 2], a="0", b="1", x="8", y="9") == {
        "new": [((), (2,), (2, 3))],
        "vanished": [((1,), (), (2,))],
    }


@pytest.mark.parametrize("before", [[0, 1, 2, 3], [0, 0, 0, 0]])
def test_a_run_compared_with_itself_has_no_change(before):
    found = changes_between(made_run(before), made_run(before))
    assert not any(found.groups.values())
    assert found.n_unchanged == len(set(before))
