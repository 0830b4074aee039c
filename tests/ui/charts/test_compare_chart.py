"""Several curves in one picture: what is drawn, named and marked."""

import numpy as np
import pytest

from shopsim.clusterers import clusterers
from shopsim.scoring.curve import count_curve, threshold_curve
from shopsim.ui.charts.compare import COLOURS, VIEWS, Line, compare_chart
from shopsim.ui.charts.style import spread


def tree_and_models(seed=0, n_models=8, n_photos=6):
    rng = np.random.default_rng(seed)
    models = np.repeat(np.arange(n_models), n_photos)
    rows = rng.standard_normal((n_models, 8))[models] + 0.6 * rng.standard_normal((len(models), 8))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return clusterers.create("average").fit(rows), models


def curves():
    return [Line(f"setting {seed}", threshold_curve(*tree_and_models(seed))) for seed in range(3)]


def cut_only():
    """A setting without a curve, at its only cut."""
    from types import SimpleNamespace

    from shopsim.scoring.evaluation import evaluate

    tree, models = tree_and_models()
    groups = tree.cut(0.5)
    return Line("K-means", None, SimpleNamespace(labels_pred=groups, evaluation=evaluate(models, groups)))


def layers(lines, view):
    chart = compare_chart(lines, view).to_dict()
    return [(layer, chart["datasets"][layer["data"]["name"]]) for layer in chart["layer"]]


@pytest.mark.parametrize(
    ("view", "x", "y"),
    [("threshold", "threshold", "ARI"), ("groups", "groups", "ARI"), ("pairs", "recall", "precision")],
)
def test_each_view_draws_its_scores(view, x, y):
    (line, rows), *_ = layers(curves(), view)
    assert (line["encoding"]["x"]["field"], line["encoding"]["y"]["field"]) == (x, y)
    assert {row["name"] for row in rows} == {"setting 0", "setting 1", "setting 2"}


def test_the_number_of_groups_stands_on_a_log_axis():
    (line, _), *_ = layers(curves(), "groups")
    assert line["encoding"]["x"]["scale"]["type"] == "log"


@pytest.mark.parametrize("view", VIEWS)
def test_each_line_is_named_with_its_best_score(view):
    *_, (text, rows) = layers(curves(), view)
    assert text["mark"]["type"] == "text"
    assert [row["label"] for row in rows] == [f"{c.curve.ari.max():.3f}  {c.name}" for c in curves()]
    assert [row["ARI"] for row in rows] == [c.curve.ari.max() for c in curves()]


def test_lines_differ_in_colour_and_dash():
    (line, _), *_ = layers(curves(), "threshold")
    assert line["encoding"]["color"]["scale"]["range"] == list(COLOURS[:3])
    assert len({str(dash) for dash in line["encoding"]["strokeDash"]["scale"]["range"]}) == 3


@pytest.mark.parametrize(("view", "marked"), [("threshold", 3), ("groups", 4), ("pairs", 4)])
def test_a_setting_without_a_curve_is_a_point_where_it_has_one(view, marked):
    *_, (_, rows) = layers([*curves(), cut_only()], view)
    assert len(rows) == marked


def test_a_setting_without_a_curve_alone_is_drawn_too():
    *_, (_, rows) = layers([cut_only()], "pairs")
    assert [row["name"] for row in rows] == ["K-means"]


def test_without_labels_the_groups_are_drawn():
    (line, rows), *_ = layers([Line("only", count_curve(tree_and_models()[0]))], "threshold")
    assert line["encoding"]["y"]["field"] == "groups"
    assert "ARI" not in rows[0]


def test_labels_keep_their_distance_and_their_order():
    heights = np.array([0.99, 0.985, 0.5, 0.98, 0.0, 0.01])
    placed = spread(heights, 0.05)
    assert (np.diff(np.sort(placed)) >= 0.05 - 1e-9).all()
    assert np.array_equal(np.argsort(placed), np.argsort(heights))
    assert placed.min() >= 0
    assert placed.max() <= 1
    assert placed[2] == 0.5


def test_a_dark_page_gets_light_names():
    dark = compare_chart(curves(), "threshold", dark=True).to_dict()
    assert (
        dark["layer"][-1]["mark"]["color"]
        != compare_chart(curves(), "threshold").to_dict()["layer"][-1]["mark"]["color"]
    )


@pytest.mark.parametrize(
    ("measures", "title"),
    [
        (["similarity"] * 2, "similarity threshold, %"),
        (["agreement"], "agreement threshold, %"),
        (["agreement", "similarity"], "threshold, %"),
    ],
)
def test_the_axis_is_named_by_what_the_lines_measure(measures, title):
    lines = [Line(line.name, line.curve, measure=measure) for line, measure in zip(curves(), measures, strict=False)]
    (line, _), *_ = layers(lines, "threshold")
    assert line["encoding"]["x"]["title"] == title
