"""Colours of the map by a column."""

import numpy as np

from shopsim.catalog.attributes import attribute_of
from shopsim.ui.charts.column_colours import by_column, columns_to_colour
from shopsim.ui.charts.map_colours import PALETTE, RAMP, REST


def test_numbers_are_a_ramp_of_fifths_and_missing_ones_are_grey():
    found = by_column(attribute_of("price", ["", *map(str, range(100))]))
    assert found.kinds[0] == REST
    assert (np.diff(found.kinds[1:]) >= 0).all()
    assert np.unique(found.kinds[1:], return_counts=True)[1].tolist() == [20] * 5
    assert found.legend[0] == (RAMP[0], "0 to 19")
    assert found.legend[-1] == (REST, "no value")


def test_few_different_numbers_use_both_ends_of_the_ramp():
    found = by_column(attribute_of("size", ["38", "38", "40", "40"]))
    assert found.kinds.tolist() == [RAMP[0]] * 2 + [RAMP[-1]] * 2
    assert [text for _, text in found.legend] == ["38", "40", "no value"]
    assert by_column(attribute_of("size", ["38", "38"])).kinds.tolist() == [RAMP[0]] * 2


def test_very_uneven_numbers_still_rise():
    numbers = [1] * 90 + [2, 3, 4, 5, 6, 7, 8, 9, 10, 1000]
    found = by_column(attribute_of("price", list(map(str, numbers))))
    assert (np.diff(found.kinds) >= 0).all()
    assert found.kinds[0] < found.kinds[-1]


def test_categories_have_distinct_colours():
    found = by_column(attribute_of("brand", ["b", "a", "", "b"]))
    assert found.kinds[0] == found.kinds[3] != found.kinds[1] != REST
    assert found.kinds[2] == REST


def test_a_ramp_grows_lighter_and_no_two_shades_are_one():
    shades = [int(PALETTE[kind][1:], 16) for kind in RAMP]
    light = [0.2126 * (shade >> 16) + 0.7152 * (shade >> 8 & 255) + 0.0722 * (shade & 255) for shade in shades]
    assert (np.diff(light) > 10).all()


def test_columns_of_one_value_or_of_text_have_no_colours():
    columns = {
        "brand": attribute_of("brand", ["a", "b"]),
        "one": attribute_of("one", ["a", "a"]),
        "title": attribute_of("title", [f"t{n}" for n in range(50)]),
        "category": attribute_of("category", ["a", "b"]),
    }
    assert columns_to_colour(columns) == ["brand"]
