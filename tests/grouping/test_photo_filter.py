"""Filters of photos by columns: read from an address, written to it, applied."""

import numpy as np
import pytest

from shopsim.catalog.attributes import attribute_of
from shopsim.grouping.photo_filter import PhotoFilter, columns_to_filter

COLUMNS = {
    "brand": attribute_of("brand", ["Ecco", "=A&B", "", "Ecco", "구두"]),
    "price": attribute_of("price", ["10", "12.50", "", "30", "7"]),
}


def rows(text):
    return np.flatnonzero(PhotoFilter.parse(text, COLUMNS).rows(COLUMNS, 5)).tolist()


def test_values_of_one_column_add_up_and_columns_narrow():
    chosen = PhotoFilter({"brand": ("Ecco", "=A&B")}, {"price": (10.0, 12.5)})
    assert rows(chosen.text) == [0, 1]
    assert rows(PhotoFilter({"brand": ("Ecco", "=A&B")}).text) == [0, 1, 3]
    assert rows("") == [0, 1, 2, 3, 4]


def test_photos_without_a_value_are_chosen_by_that_and_have_no_number():
    assert rows(PhotoFilter({"brand": ("",)}).text) == [2]
    assert rows(PhotoFilter(ranges={"price": (-1e9, 1e9)}).text) == [0, 1, 3, 4]


@pytest.mark.parametrize(
    "chosen",
    [
        PhotoFilter(),
        PhotoFilter({"brand": ("=A&B", "구두", "")}),
        PhotoFilter({"brand": ("Ecco",)}, {"price": (7.0, 0.1 + 29)}),
    ],
)
def test_an_address_keeps_a_filter(chosen):
    assert PhotoFilter.parse(chosen.text, COLUMNS) == chosen
    assert bool(chosen) == (chosen.text != "")


@pytest.mark.parametrize(
    "text",
    [
        "brand=Nope",
        "seller=Ecco",
        "price=a~b",
        "price=5~1",
        "price=nan~2",
        "price=1",
        "=",
        "%zz&&&",
        "brand=Ecco" * 9999,
    ],
)
def test_what_means_nothing_here_is_left_out(text):
    assert not PhotoFilter.parse(text, COLUMNS)


def test_columns_that_cannot_choose_are_not_offered():
    more = {
        "one": attribute_of("one", ["x"] * 5),
        "half": attribute_of("half", ["x", "x", "", "", ""]),
        "title": attribute_of("title", [f"t{n}" for n in range(50)]),
        "same": attribute_of("same", ["3"] * 5),
    }
    assert list(columns_to_filter(COLUMNS | more)) == ["brand", "price", "half"]
