"""The map's chart as the browser gets it, and what it gives back."""

import numpy as np
import pytest

from shopsim.ui.charts.map import BRUSH, PICK, ZOOM, map_chart, map_frame, point_size, selected_rows
from shopsim.ui.charts.map_colours import FOUND, PALETTE, REST, RIGHT, SPLIT, WRONG

POINTS = np.array([[0, 0], [10, 0], [10, 5], [0, 5]], dtype=np.float32)
ROWS = np.array([3, 4, 7, 9])


def frame_of(kinds, points=POINTS, rows=ROWS, **texts):
    names = {"name": [f"{row}.jpg" for row in rows], "image": [f"app/static/{row}.jpg" for row in rows]}
    return map_frame(points, rows, np.array(kinds, dtype=np.int8), names | texts)


def spec_of(frame):
    return map_chart(frame).to_dict(validate=True)


def params(spec):
    return {param["name"]: param["select"] | {"bind": param.get("bind")} for param in spec["params"]}


def test_wrong_points_lie_on_top_and_grey_ones_below():
    assert frame_of([WRONG, RIGHT, REST, SPLIT])["kind"].tolist() == [REST, RIGHT, SPLIT, WRONG]


def test_a_point_keeps_its_photo_whatever_the_order():
    frame = frame_of([WRONG, RIGHT, REST, SPLIT])
    assert frame["row"].tolist() == [7, 4, 9, 3]
    assert frame["name"].tolist() == ["7.jpg", "4.jpg", "9.jpg", "3.jpg"]
    assert frame[["x", "y"]].to_numpy().tolist() == POINTS[[2, 1, 3, 0]].tolist()


def test_every_selection_has_a_name():
    assert set(params(spec_of(frame_of([RIGHT] * 4)))) == {PICK, BRUSH, ZOOM}


def test_dragging_selects_and_shift_drags_the_map():
    selections = params(spec_of(frame_of([RIGHT] * 4)))
    assert "!event.shiftKey" in selections[BRUSH]["on"]
    assert "[event.shiftKey]" in selections[ZOOM]["translate"]


def test_scrolling_zooms_the_map_and_not_the_frame():
    selections = params(spec_of(frame_of([RIGHT] * 4)))
    assert selections[ZOOM]["bind"] == "scales"
    assert selections[BRUSH]["zoom"] is False


def test_nothing_is_recoloured_while_the_frame_moves():
    encoding = spec_of(frame_of([RIGHT] * 4))["encoding"]
    assert BRUSH not in str(encoding)


def test_the_tooltip_has_a_title_and_a_picture():
    fields = {field["title"]: field["field"] for field in spec_of(frame_of([RIGHT] * 4))["encoding"]["tooltip"][:2]}
    assert fields == {"title": "name", "image": "image"}


def test_the_tooltip_says_only_what_is_known():
    known = spec_of(frame_of([RIGHT] * 4, group=["1"] * 4))["encoding"]["tooltip"]
    assert [field["field"] for field in known] == ["name", "image", "group"]


def test_colours_are_data_so_that_another_threshold_keeps_the_zoom():
    before, after = (spec_of(frame_of(kinds)) for kinds in ([RIGHT] * 4, [WRONG, REST, SPLIT, FOUND]))
    for spec in (before, after):
        del spec["data"], spec["datasets"]
    assert before == after


def test_there_are_as_many_colours_and_shapes_as_kinds():
    encoding = spec_of(frame_of([RIGHT] * 4))["encoding"]
    for channel in ("color", "shape"):
        assert len(encoding[channel]["scale"]["range"]) == len(encoding[channel]["scale"]["domain"]) == len(PALETTE)


def test_axes_are_left_out():
    encoding = spec_of(frame_of([RIGHT] * 4))["encoding"]
    assert encoding["x"]["axis"] is None
    assert encoding["y"]["axis"] is None


def evaluated(expression, width, height):
    """The expression as the browser works it out."""
    return eval(expression, {"width": width, "height": height, "max": max})


@pytest.mark.parametrize(("width", "height"), [(800, 560), (300, 560), (560, 560)])
def test_a_unit_is_as_long_across_as_upward_in_any_window(width, height):
    encoding = spec_of(frame_of([RIGHT] * 4))["encoding"]
    low_x, high_x, low_y, high_y = (
        evaluated(encoding[axis]["scale"][end]["expr"], width, height)
        for axis in "xy"
        for end in ("domainMin", "domainMax")
    )
    assert (high_x - low_x) / width == pytest.approx((high_y - low_y) / height)
    assert low_x < 0
    assert high_x > 10
    assert low_y < 0
    assert high_y > 5


@pytest.mark.parametrize(
    "points", [np.zeros((4, 2)), np.array([[1, 1]] * 4), np.array([[0, 1], [1, 1], [2, 1], [3, 1]])]
)
def test_points_on_one_spot_or_line_are_still_drawn(points):
    scale = spec_of(frame_of([RIGHT] * 4, points.astype(np.float32)))["encoding"]["y"]["scale"]
    assert evaluated(scale["domainMax"]["expr"], 800, 560) > evaluated(scale["domainMin"]["expr"], 800, 560)


def test_no_points_make_an_empty_chart():
    nothing = frame_of([], np.zeros((0, 2), np.float32), np.zeros(0, np.int64))
    assert len(nothing) == 0
    assert spec_of(nothing)["mark"]


def test_many_points_are_small_ones():
    assert point_size(2) > point_size(3_000) > point_size(10_522) >= point_size(30_000) > 0


def test_a_frame_selects_the_photos_inside():
    brush = {"x": [9, 11], "y": [-1, 6]}
    assert selected_rows({BRUSH: brush, PICK: []}, POINTS, ROWS).tolist() == [4, 7]


def test_a_frame_drawn_from_right_to_left_selects_the_same():
    brush = {"x": [11, 9], "y": [6, -1]}
    assert selected_rows({BRUSH: brush, PICK: []}, POINTS, ROWS).tolist() == [4, 7]


def test_clicks_select_if_there_is_no_frame():
    assert selected_rows({BRUSH: {}, PICK: [{"row": 9}, {"row": 3}]}, POINTS, ROWS).tolist() == [3, 9]


def test_a_frame_wins_over_the_click_that_ends_it():
    picked = {BRUSH: {"x": [-1, 1], "y": [-1, 1]}, PICK: [{"row": 9}]}
    assert selected_rows(picked, POINTS, ROWS).tolist() == [3]


@pytest.mark.parametrize(
    "selection", [{}, {BRUSH: {}, PICK: {}}, {PICK: [{"row": 5}]}, {PICK: [{}]}, {ZOOM: {"x": [0, 1]}}]
)
def test_what_is_not_on_the_map_selects_nothing(selection):
    assert selected_rows(selection, POINTS, ROWS).tolist() == []
