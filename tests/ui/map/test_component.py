"""What the component reports, as Python reads it."""

import base64

import numpy as np
import pytest

from shopsim.ui.map.component import selected_photos


def bits(*rows):
    flags = np.zeros(max(rows) + 1, dtype=np.uint8)
    flags[list(rows)] = 1
    return {"bits": base64.b64encode(np.packbits(flags, bitorder="little").tobytes()).decode()}


def test_rows_come_as_they_are():
    assert selected_photos({"rows": [9, 3]}, 10).tolist() == [3, 9]


def test_many_rows_come_as_bits():
    assert selected_photos(bits(0, 7, 8, 9), 10).tolist() == [0, 7, 8, 9]


@pytest.mark.parametrize(
    "selection",
    [
        None,
        {},
        [],
        "rows",
        {"rows": None},
        {"rows": [10, -1, 1.5, "3", None, True]},
        {"bits": "not base64!"},
        {"bits": 5},
        {"bits": ""},
    ],
)
def test_whatever_a_browser_sends_selects_photos_that_exist(selection):
    assert selected_photos(selection, 10).tolist() == []


def test_bits_beyond_the_last_photo_are_ignored():
    assert selected_photos(bits(2, 500), 10).tolist() == [2]
