"""Fields read from JSON: each of its kind and range, or a short sentence that names it."""

import math

import pytest

from shopsim import ShopsimError
from shopsim.base.disk.checked_json import entries, number, number_or_none, plain_object, text, whole_number

ALL = [text, number, number_or_none, whole_number, plain_object, entries]


@pytest.mark.parametrize(
    "read, value", [(text, "a"), (number, 0.5), (number, 3), (whole_number, 3), (plain_object, {}), (entries, [1])]
)
def test_what_is_right_is_given_back(read, value):
    assert read({"x": value}, "x") == value


@pytest.mark.parametrize("read", ALL)
@pytest.mark.parametrize("values", [None, [], "x", 7])
def test_where_there_is_no_object_the_field_is_named(read, values):
    with pytest.raises(ShopsimError, match="'x'"):
        read(values, "x")


@pytest.mark.parametrize("read", [text, number, whole_number, plain_object, entries])
def test_a_missing_field_is_named(read):
    with pytest.raises(ShopsimError, match="'x' is missing; it must be"):
        read({"y": 1}, "x")


@pytest.mark.parametrize("read", ALL)
@pytest.mark.parametrize("value", [True, False, "a" * 10_000, "\n" * 500, 10**4000, -(10**400), list(range(999))])
def test_a_wrong_value_is_never_written_out_whole(read, value):
    try:
        read({"x": value}, "x")
    except ShopsimError as error:
        assert len(str(error)) < 150
        assert "\n" not in str(error)
    else:
        assert (read, type(value)) in ((text, str), (entries, list))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 1.1, 10**400])
def test_a_number_keeps_to_its_range(value):
    with pytest.raises(ShopsimError, match=r"'x' is .*; it must be a number from 0 to 1"):
        number({"x": value}, "x", 0, 1)


def test_whole_numbers_and_lists_have_a_least():
    with pytest.raises(ShopsimError, match="'x' is 0; it must be a whole number from 1"):
        whole_number({"x": 0}, "x", 1)
    with pytest.raises(ShopsimError, match=r"'x' is 2\.0; it must be a whole number"):
        whole_number({"x": 2.0}, "x", 1)
    with pytest.raises(ShopsimError, match="'x' is a list of 0; it must be a list of 1 or more"):
        entries({"x": []}, "x")
    assert entries({"x": []}, "x", least=0) == []


def test_null_and_nothing_are_no_number():
    assert number_or_none({"x": None}, "x") is number_or_none({}, "x") is None
    assert number_or_none({"x": 2}, "x") == 2.0
