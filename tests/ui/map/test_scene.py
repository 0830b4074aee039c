"""The map as raw buffers."""

import json

import numpy as np
import pytest

from shopsim.ui.charts.map_colours import PALETTE, REST, RIGHT, WRONG
from shopsim.ui.charts.map_texts import Known
from shopsim.ui.map.scene import kind_bytes, known_bytes, look, point_bytes, row_bytes, shade_bytes, to_square

POINTS = np.array([[10, 0], [30, 0], [20, 5]], dtype=np.float32)


def test_points_fill_a_square_with_one_scale():
    square = to_square(POINTS)
    assert np.abs(square).max() < 1
    assert (square[1] - square[0])[0] == pytest.approx(4 * (square[2] - square[0])[1])
    assert square.min(axis=0) + square.max(axis=0) == pytest.approx([0, 0], abs=1e-6)


@pytest.mark.parametrize("points", [np.zeros((0, 2)), np.full((3, 2), 7.0)])
def test_points_on_one_spot_are_in_the_middle(points):
    assert (to_square(points.astype(np.float32)) == 0).all()


def test_points_are_float32_one_axis_after_the_other():
    assert np.frombuffer(point_bytes(POINTS), "<f4").tolist() == [10, 30, 20, 0, 0, 5]


def test_kinds_are_a_byte_each():
    assert list(kind_bytes(np.array([REST, WRONG, 7], dtype=np.int8))) == [REST, WRONG, 7]


def test_rows_are_sent_only_of_a_sample():
    assert row_bytes(np.arange(5)) is None
    assert np.frombuffer(row_bytes(np.array([0, 2, 70_000])), "<u4").tolist() == [0, 2, 70_000]


def test_the_shade_is_darkest_where_most_photos_lie_and_has_its_top_first():
    points = np.array([[-0.9, 0.9]] * 100 + [[0.9, -0.9]], dtype=np.float32)
    shade = np.frombuffer(shade_bytes(points), np.uint8).reshape(512, 512)
    assert shade.max() == shade[25, 25] == 255
    assert shade[486, 486] == pytest.approx(25.5, abs=1)
    assert shade[256, 256] == shade[25, 486] == shade[486, 25] == 0


def test_texts_are_sent_once():
    known = json.loads(known_bytes([Known("group", ["0, 2 photos", "1, 1 photo"], np.array([0, 1, 0]))]))
    assert known == [{"title": "group", "texts": ["0, 2 photos", "1, 1 photo"], "of": [0, 1, 0]}]


def test_kinds_look_as_on_the_small_map():
    drawn = look(15_000)
    assert drawn["palette"] == list(PALETTE)
    assert drawn["sizes"][REST] < drawn["sizes"][RIGHT] < drawn["sizes"][WRONG]
    assert drawn["opacities"][REST] < drawn["opacities"][RIGHT]
    assert drawn["layers"][REST] == min(drawn["layers"])
    assert drawn["layers"][WRONG] == max(drawn["layers"])


def test_more_points_are_smaller_ones():
    assert look(15_000)["sizes"][RIGHT] > look(300_000)["sizes"][RIGHT] >= 2
