"""The learning curve: what is drawn, named and marked."""

import pytest
from kept_cases import CURVE

from shopsim.learning.read_back import pass_scores
from shopsim.ui.charts.learning import learning_chart, loss_chart
from shopsim.ui.charts.style import BLUE, ORANGE

SCORES = pass_scores(CURVE)


def layers(chart):
    spec = chart.to_dict()
    common = spec.get("data", {}).get("name")
    return [(layer, spec["datasets"][layer.get("data", {}).get("name", common)]) for layer in spec["layer"]]


def of_kind(chart, kind):
    return next((layer, rows) for layer, rows in layers(chart) if layer["mark"]["type"] == kind)


def text_layers(chart):
    return [(layer, rows) for layer, rows in layers(chart) if layer["mark"]["type"] == "text"]


def test_both_scores_are_drawn_against_passes_in_their_colours():
    line, rows = of_kind(learning_chart(SCORES, 1), "line")
    encoding = line["encoding"]
    assert (encoding["x"]["field"], encoding["y"]["field"], encoding["color"]["field"]) == ("passes", "score", "which")
    assert encoding["color"]["scale"] == {"domain": ["ARI", "recall@1"], "range": [BLUE, ORANGE]}
    assert [(row["passes"], row["which"], row["score"]) for row in rows[:2]] == [(0, "ARI", 0.7), (0, "recall@1", 0.9)]
    assert len(rows) == 2 * len(SCORES)


def test_each_line_is_named_at_its_end_with_its_last_score():
    _, (_, rows) = text_layers(learning_chart(SCORES, 1))
    assert [(row["passes"], row["label"]) for row in rows] == [(2, "ARI 0.780"), (2, "recall@1 0.930")]


def test_names_of_equal_scores_do_not_lie_on_each_other():
    same = pass_scores([{"loss": None, "ari": 0.99, "recall_at_1": 0.99, "map_at_r": 0.9}])
    _, (_, rows) = text_layers(learning_chart(same, 0))
    assert abs(rows[0]["label_y"] - rows[1]["label_y"]) > 0.005


@pytest.mark.parametrize(("kept", "name"), [(0, "kept"), (1, "kept"), (2, "best so far")])
def test_the_pass_is_marked(kept, name):
    chart = learning_chart(SCORES, kept, name)
    assert of_kind(chart, "rule")[1][0]["passes"] == kept
    assert of_kind(chart, "rule")[0]["mark"]["strokeDash"]
    assert text_layers(chart)[0][1][0]["label"] == name


@pytest.mark.parametrize("low", [-0.2, 0.0, 0.5, 0.97, 1.0])
def test_the_axis_is_as_narrow_as_the_scores_and_ends_at_one(low):
    scores = pass_scores([{"loss": None, "ari": low, "recall_at_1": 1.0, "map_at_r": low}])
    line, _ = of_kind(learning_chart(scores, 0), "line")
    bottom, top = line["encoding"]["y"]["scale"]["domain"]
    assert bottom <= low
    assert top == 1.0
    assert top - bottom >= 0.1 - 1e-9


def test_names_are_light_on_the_dark_theme():
    colours = [text_layers(learning_chart(SCORES, 0, dark=dark))[1][0]["mark"]["color"] for dark in (True, False)]
    assert len(set(colours)) == 2


def test_the_loss_is_drawn_from_the_first_pass_on():
    spec = loss_chart(SCORES).to_dict()
    assert (spec["encoding"]["x"]["field"], spec["encoding"]["y"]["field"]) == ("passes", "loss")
    assert [(row["passes"], row["loss"]) for row in spec["datasets"][spec["data"]["name"]]] == [(1, 9.5), (2, 4.5)]
