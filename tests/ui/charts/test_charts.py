"""Charts, by the fields of their specification."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.clusterers.hierarchical import Linkage
from shopsim.scoring.curve import count_curve, threshold_curve
from shopsim.tuning.built_in.expected import ExpectedCurve
from shopsim.ui.charts.style import (
    BLUE,
    PICK,
    VERMILION,
    count_curve_chart,
    expected_curve_chart,
    score_curve,
    size_histogram,
)

N = 60


@pytest.fixture(scope="module")
def tree():
    return Linkage("average").fit(clustered_rows(N))


@pytest.fixture(scope="module")
def curve(tree):
    return threshold_curve(tree, np.arange(N) % 7)


@pytest.fixture(scope="module")
def spec(curve):
    return score_curve(curve, 0.5, 0.2).to_dict()


def rows_of(spec, layer):
    return spec["datasets"][spec["layer"][layer]["data"]["name"]]


def layers_with(spec, mark):
    found = [number for number, layer in enumerate(spec["layer"]) if layer["mark"]["type"] == mark]
    assert found, f"no layer is a {mark}"
    return found


def test_every_score_of_every_threshold_is_drawn(spec, curve):
    (line,) = layers_with(spec, "line")
    drawn = rows_of(spec, line)
    (fold,) = spec["layer"][line]["transform"]
    assert set(fold["fold"]) == {"ARI", "pair precision", "pair recall"}
    assert fold["as"] == ["which", "score"]
    assert [row["ARI"] for row in drawn] == curve.ari[::-1].tolist()
    assert [row["pair recall"] for row in drawn] == curve.recall[::-1].tolist()
    assert [row["threshold"] for row in drawn] == pytest.approx((curve.similarity[::-1] * 100).tolist())


def test_a_score_holds_down_to_the_next_merge(spec):
    (line,) = layers_with(spec, "line")
    assert spec["layer"][line]["mark"]["interpolate"] == "step-before"


def test_the_best_threshold_is_marked_with_its_score(spec, curve):
    (text,) = layers_with(spec, "text")
    assert rows_of(spec, text)[0]["label"] == f"best {curve.ari.max():.3f}"
    (point,) = layers_with(spec, "point")
    assert rows_of(spec, point)[0]["score"] == pytest.approx(curve.ari.max())


def test_the_current_threshold_is_a_dashed_rule(spec):
    rule = layers_with(spec, "rule")[-1]
    assert rows_of(spec, rule) == [{"threshold": 50.0}]
    assert spec["layer"][rule]["mark"]["color"] == VERMILION
    assert spec["layer"][rule]["mark"]["strokeDash"]


def test_the_axis_spans_what_the_slider_does(spec):
    for layer in spec["layer"]:
        assert layer["encoding"]["x"]["scale"]["domain"] == [20.0, 100.0]


def test_a_click_takes_the_threshold_of_the_nearest_point(spec, curve):
    pick = next(param for param in spec["params"] if param["name"] == PICK)
    assert pick["select"] == {"type": "point", "fields": ["take"], "nearest": True, "on": "click"}
    taken = [row["take"] for row in rows_of(spec, layers_with(spec, "rule")[0])]
    assert taken == pytest.approx(np.maximum(curve.threshold[::-1], 0.2).tolist())


def test_no_click_leads_below_the_slider(curve):
    spec = score_curve(curve, 0.5, 0.9).to_dict()
    assert min(row["take"] for row in rows_of(spec, layers_with(spec, "rule")[0])) == 0.9


def test_pointing_tells_every_number(spec):
    tooltip = spec["layer"][layers_with(spec, "rule")[0]]["encoding"]["tooltip"]
    assert [shown["field"] for shown in tooltip] == ["threshold", "groups", "ARI", "pair precision", "pair recall"]


def test_a_long_curve_is_thinned_and_keeps_the_best():
    long = threshold_curve(Linkage("single").fit(clustered_rows(1500)), np.arange(1500) % 9)
    spec = score_curve(long, 0.5, 0.0).to_dict()
    rows = rows_of(spec, layers_with(spec, "rule")[0])
    assert len(rows) <= 1003
    assert max(row["ARI"] for row in rows) == long.ari.max()


def test_a_negative_ari_stays_in_sight(tree):
    worst = threshold_curve(tree, np.arange(N))
    curve = type(worst)(**{**vars(worst), "ari": worst.ari - 0.3})
    (line,) = layers_with(spec := score_curve(curve, 0.5, 0.0).to_dict(), "line")
    assert spec["layer"][line]["encoding"]["y"]["scale"]["domain"][0] == curve.ari.min()


def test_without_labels_the_number_of_groups_is_drawn(tree):
    spec = count_curve_chart(count_curve(tree), 0.5, 0.2).to_dict()
    (line,) = layers_with(spec, "line")
    assert spec["layer"][line]["encoding"]["y"]["field"] == "groups"
    assert [row["groups"] for row in rows_of(spec, line)] == list(range(1, N + 1))
    assert PICK in [param["name"] for param in spec["params"]]


@pytest.mark.parametrize(
    ("sizes", "bars"),
    [
        ([1], {"1": 1, "2": 0}),
        ([2, 2, 1], {"1": 1, "2": 2}),
        ([1, 1, 3, 4, 8], {"1": 2, "2": 0, "3–4": 2, "5+": 1}),
        ([9000], {"8193+": 1}),
        ([10**6], {"8193+": 1}),
    ],
)
def test_every_group_stands_in_one_bar_of_its_size(sizes, bars):
    spec = size_histogram(np.array(sizes)).to_dict()
    (rows,) = spec["datasets"].values()
    assert {row["size"]: row["groups"] for row in rows}.items() >= bars.items()
    assert sum(row["groups"] for row in rows) == len(sizes)


def test_sizes_stand_in_their_order_and_colour():
    spec = size_histogram(np.array([1, 5, 17, 100])).to_dict()
    (rows,) = spec["datasets"].values()
    assert spec["layer"][0]["encoding"]["y"]["sort"] == [row["size"] for row in rows]
    assert spec["layer"][0]["mark"]["color"] == BLUE


def test_the_number_behind_the_longest_bar_has_room():
    spec = size_histogram(np.repeat(1, 767)).to_dict()
    assert spec["layer"][0]["encoding"]["x"]["scale"]["domain"][1] == pytest.approx(1.15 * 767)


def test_no_groups_are_an_empty_chart():
    (rows,) = size_histogram(np.zeros(0, np.int64)).to_dict()["datasets"].values()
    assert sum(row["groups"] for row in rows) == 0


def test_where_copies_are_joined_at_100_percent_the_step_below_shows_the_joined_groups():
    vectors = np.array([[1, 0], [1, 0], [0.9, 0.435], [0, 1]], dtype=np.float32)
    tree = Linkage("average").fit(vectors / np.linalg.norm(vectors, axis=1, keepdims=True))
    chart = score_curve(threshold_curve(tree, np.array([0, 0, 1, 2])), 0.99, -1.0)
    groups = [row["groups"] for rows in chart.to_dict()["datasets"].values() for row in rows if "groups" in row]
    # Vega keeps the order of equal thresholds: rising, the groups at 100 % are those of the joined copies.
    assert groups[-2:] == [3, 4]


def test_the_axis_is_named_by_what_the_control_measures(tree, curve):
    for chart in (
        score_curve(curve, 0.5, 0.0, "agreement"),
        count_curve_chart(count_curve(tree), 0.5, 0.0, "agreement"),
    ):
        assert '"agreement threshold, %"' in chart.to_json()


@pytest.fixture(scope="module")
def expected(tree):
    """A few cuts: the ARI is 0.2, then 0.6, then 0, give or take 0.1; precision falls, recall rises."""
    ari = np.array([[0.2, 0.1, 0.3], [0.6, 0.5, 0.7], [0.0, 0.0, 0.1]])
    falling = np.array([[1.0] * 3, [0.8] * 3, [0.1] * 3])
    return ExpectedCurve(np.array([1.0, 0.5, 0.2]), np.array([N, 9, 1]), ari, falling, falling[::-1])


@pytest.fixture(scope="module")
def expected_spec(tree, expected):
    return expected_curve_chart(count_curve(tree), expected, 0.5, 0.2).to_dict()


def test_expected_scores_are_dashed_and_named_as_expected(expected_spec):
    (line,) = layers_with(expected_spec, "line")
    assert expected_spec["layer"][line]["mark"]["strokeDash"]
    names = expected_spec["layer"][line]["transform"][0]["fold"]
    assert set(names) == {"expected ARI", "expected pair precision", "expected pair recall"}


def test_a_band_shows_the_likely_range_of_the_ari(expected_spec, expected):
    (band,) = layers_with(expected_spec, "area")
    encoding = expected_spec["layer"][band]["encoding"]
    assert (encoding["y"]["field"], encoding["y2"]["field"]) == ("low", "high")
    for row in rows_of(expected_spec, band):
        ari = expected.at(row["take"]).ari
        assert (row["expected ARI"], row["low"], row["high"]) == pytest.approx((ari.value, ari.low, ari.high))


def test_a_click_on_the_expected_curve_takes_a_threshold(expected_spec, tree):
    assert PICK in [param["name"] for param in expected_spec["params"]]
    rows = rows_of(expected_spec, layers_with(expected_spec, "rule")[0])
    assert [row["take"] for row in rows] == np.maximum(count_curve(tree).threshold[::-1], 0.2).tolist()
