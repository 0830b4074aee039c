"""Typed records read from JSON: each field of its kind and range, or a short sentence with its path."""

import json
import math
from dataclasses import dataclass
from typing import Annotated, Any, Literal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import Meta

from shopsim import ShopsimError
from shopsim.base.disk.records import FromOne, Number, Whole, parsed, record

Share = Annotated[float, Meta(ge=0, le=1)]
SomeEntries = Annotated[list[Any], Meta(min_length=1)]
KINDS = {
    "text": str,
    "number": Number,
    "whole": Whole,
    "object": dict[str, Any],
    "entries": SomeEntries,
    "share": Share,
    "between": Annotated[float, Meta(gt=0, lt=1)],
    "one of two": Literal["a", "b"],
    "pair": tuple[int, str],
}


def of_one_field(kind):
    """A record whose only field is 'x'."""
    return msgspec.defstruct("One", [("x", kind)])


ALL = {name: of_one_field(kind) for name, kind in KINDS.items()}
ALL["number or none"] = msgspec.defstruct("One", [("x", Number | None, None)])
NEEDED = [name for name in ALL if name != "number or none"]


class Part(msgspec.Struct):
    weight: Share
    size: FromOne = 1


@dataclass(frozen=True)
class Whatever:
    parts: Annotated[tuple[Part, ...], Meta(min_length=1, max_length=3)]
    shares: dict[str, Share]
    named: dict[str, Part]
    best: Part | None = None
    pair: tuple[int, str] = (1, "")
    names: Annotated[frozenset[str], Meta(min_length=1)] = frozenset("a")
    settings: dict[str, int | float | str | bool] | None = None


RIGHT = {"parts": [{"weight": 1}], "shares": {"a": 0.5}, "named": {"b": {"weight": 0, "size": 2}}}


def told(values, kind):
    """The one sentence with which the values are refused."""
    with pytest.raises(ShopsimError) as caught:
        record(values, kind)
    assert len(str(caught.value)) < 250
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    "name, value", [("text", "a"), ("number", 0.5), ("number", 3), ("whole", 3), ("object", {}), ("entries", [1])]
)
def test_what_is_right_is_given_back(name, value):
    assert record({"x": value}, ALL[name]).x == value


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("values", [None, [], "x", 7])
def test_where_there_is_no_object_the_field_is_named(name, values):
    assert told(values, ALL[name]).startswith("Where 'x' should be there is ")


@pytest.mark.parametrize("name", NEEDED)
def test_a_missing_field_is_named(name):
    assert told({"y": 1}, ALL[name]).startswith("'x' is missing; it must be ")


@pytest.mark.parametrize("name", ALL)
@pytest.mark.parametrize("value", [True, False, "a" * 10_000, "\n" * 500, 10**4000, -(10**400), list(range(999))])
def test_a_wrong_value_is_never_written_out_whole(name, value):
    try:
        record({"x": value}, ALL[name])
    except ShopsimError as error:
        assert len(str(error)) < 150
        assert "\n" not in str(error)
    else:
        assert (name, type(value)) in (("text", str), ("entries", list))


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, -0.1, 1.1, 10**400])
def test_a_number_keeps_to_its_range(value):
    assert told({"x": value}, ALL["share"]).endswith("; it must be a number from 0 to 1.")


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, 1.1e12, -1.1e12, 10**400, True, "1", None])
@pytest.mark.parametrize("name", ["number", "whole"])
def test_no_number_is_infinite_far_too_large_or_of_another_kind(name, value):
    assert told({"x": value}, ALL[name]).startswith("'x' is ")


def test_whole_numbers_and_lists_have_a_least():
    assert told({"x": 0}, of_one_field(FromOne)) == "'x' is 0; it must be a whole number from 1."
    assert told({"x": 2.0}, of_one_field(FromOne)) == "'x' is 2.0; it must be a whole number from 1."
    assert told({"x": []}, ALL["entries"]) == "'x' is a list of 0; it must be a list of 1 or more."
    assert record({"x": []}, of_one_field(list[Any])).x == []


def test_null_and_nothing_are_no_number():
    kind = ALL["number or none"]
    assert record({"x": None}, kind).x is record({}, kind).x is None
    assert record({"x": 2}, kind).x == 2.0
    assert told({"x": "2"}, kind) == "'x' is '2'; it must be a number."


def test_a_record_in_a_record_is_read_whole():
    found = record(json.loads(json.dumps(RIGHT | {"unknown": {"x": [None]}})), Whatever)
    assert found == Whatever((Part(1.0),), {"a": 0.5}, {"b": Part(0.0, 2)})


@pytest.mark.parametrize(
    "change, sentence",
    [
        ({"parts": [{"weight": 1}, {"weight": -1}]}, "'parts[1].weight' is -1; it must be a number from 0 to 1."),
        ({"parts": [{"weight": 1}, {}]}, "'parts[1].weight' is missing; it must be a number from 0 to 1."),
        ({"parts": [{"weight": 1}, 7]}, "'parts[1]' is 7; it must be an object."),
        ({"parts": [{"weight": 1}] * 4}, "'parts' is a list of 4; it must be a list of 1 to 3."),
        ({"parts": {}}, "'parts' is a group of 0; it must be a list of 1 to 3."),
        ({"shares": {"a": 1, "b": 2}}, "'shares.b' is 2; it must be a number from 0 to 1."),
        ({"shares": {"a": 1, "b\n" * 50: 2}}, f"'shares.{'b' + chr(92) + 'n'}"),
        ({"shares": []}, "'shares' is a list of 0; it must be an object."),
        ({"named": {"a": {"weight": 1}, "b": {"weight": 1, "size": True}}}, "'named.b.size' is True; it must be a"),
        ({"named": {"a": {"size": 3}}}, "'named.a.weight' is missing"),
        ({"best": {"weight": math.nan}}, "'best.weight' is nan; it must be a number from 0 to 1."),
        ({"best": 7}, "'best' is 7; it must be an object."),
        ({"pair": [1, 2]}, "'pair[1]' is 2; it must be text."),
        ({"pair": [1]}, "'pair' is a list of 1; it must be a list of 2."),
        ({"names": []}, "'names' is a list of 0; it must be a list of 1 or more."),
        ({"names": ["a", 3]}, "'names[1]' is 3; it must be text."),
        ({"settings": {"a": 1, "b": [1]}}, "'settings.b' is a list of 1; it must be text, a number, true or false."),
        ({"\ud800": 1}, "A field is called '\\ud800'; its name must be valid Unicode."),
    ],
)
def test_a_fault_is_told_with_its_path(change, sentence):
    assert told(RIGHT | change, Whatever).startswith(sentence)


def test_a_path_begins_where_the_values_stand():
    with pytest.raises(ShopsimError, match=r"^'trials\[3\]\.x' is missing; it must be text\.$"):
        record({}, ALL["text"], "trials[3]")
    with pytest.raises(ShopsimError, match=r"^'share' is '0\.5'; it must be a number between 0 and 1\.$"):
        record("0.5", KINDS["between"], "share")


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
                    lambda inner: st.lists(inner, max_size=3)
                    | st.dictionaries(st.sampled_from([*RIGHT, "best", "pair"]) | st.text(), inner)))  # fmt: skip
def test_anything_is_read_or_refused_in_one_sentence(values):
    for kind in (Whatever, *ALL.values()):
        try:
            record(values, kind)
        except ShopsimError as error:
            assert "\n" not in str(error)


@pytest.mark.parametrize("data", [b"", b"{", b"\xff", b"[" * 100_000, b"9" * 5000, b"[1] 2", b"'a'", b"\0"])
def test_bytes_that_are_no_json_are_refused(data):
    with pytest.raises(ValueError):
        parsed(data)


def test_what_files_of_earlier_versions_hold_is_read():
    assert parsed(b'\xef\xbb\xbf{"x": 1, "x": 2}') == {"x": 2}
    assert math.isnan(parsed(b"NaN"))
    assert parsed(b'"\\ud800"') == "\ud800"
