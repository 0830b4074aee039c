"""The mark `nightly`: who has it says why."""

import pytest
from nightly import without_reason

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
