"""The mark `nightly`: who has it says why, and of a long list of cases some run by day."""

import pytest
from nightly import some_by_day, without_reason

REASON = "The same property is checked by day on fewer cases."


class Item:
    """A test with marks, as far as it is asked."""

    nodeid = "tests/test_a.py::test_b"

    def __init__(self, *marks):
        self.marks = [each.mark for each in marks]

    def iter_markers(self, name):
        return [mark for mark in self.marks if mark.name == name]


def test_a_nightly_test_says_why():
    assert without_reason([Item(pytest.mark.nightly(REASON)), Item(pytest.mark.slow), Item()]) == []


@pytest.mark.parametrize(
    "mark",
    [pytest.mark.nightly, pytest.mark.nightly(), pytest.mark.nightly(3), pytest.mark.nightly("too slow")],
    ids=["bare", "empty", "number", "too short"],
)
def test_one_that_does_not_is_named(mark):
    assert without_reason([Item(mark)]) == [Item.nodeid]


def test_some_of_many_cases_run_by_day_and_no_case_is_lost():
    found = some_by_day(range(10), 3, REASON)
    by_day = [case for case in found if isinstance(case, int)]
    at_night = [case.values[0] for case in found if not isinstance(case, int)]
    assert by_day == [0, 3, 6]
    assert sorted(by_day + at_night) == list(range(10))
    assert all(case.marks[0].args == (REASON,) for case in found if not isinstance(case, int))


def test_cases_of_several_values_stay_whole():
    assert some_by_day([("a", 1), ("b", 2)], 1, REASON)[1].values == ("b", 2)
