"""Values that carry over to other photos, and the best of them for every clusterer."""

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim.clusterers import Control, clusterers
from shopsim.scoring.evaluation import evaluate
from shopsim.tuning.control_values import Portable, ari_of, best_value


def control(kind, low, high, joins=True):
    return Control("Any", kind, low, high, default=low, step=0.01, instant=True, joins=joins)


@pytest.mark.parametrize(
    "photos_a_group, n_images, n_groups", [(10, 100, 10), (10, 104, 10), (7, 3, 1), (0.5, 20, 20), (1, 0, 1)]
)
def test_a_count_is_photos_a_group(photos_a_group, n_images, n_groups):
    assert Portable("count", photos_a_group).on(control("count", 1, max(n_images, 1)), n_images) == n_groups


@pytest.mark.parametrize("value, expected", [(0.3, 0.3), (-0.5, -0.5), (1.2, 1.2)])
def test_a_similarity_is_itself_even_beyond_the_slider(value, expected):
    assert Portable("similarity", value).on(control("similarity", 0.1, 1.0), 50) == expected


@pytest.mark.parametrize("kind, joins", [("resolution", True), ("similarity", False)])
def test_what_is_no_threshold_stays_within_its_range(kind, joins):
    for value, expected in ((0.5, 0.5), (0.0001, 0.01), (7.0, 1.0)):
        assert Portable(kind, value).on(control(kind, 0.01, 1.0, joins), 50) == expected


def test_more_similarity_is_asked_for_and_of_nothing_else_more():
    assert Portable("similarity", 0.5).raised(0.25) == Portable("similarity", 0.75)
    for value in (Portable("similarity", 1.0), Portable("resolution", 0.5), Portable("count", 4.0)):
        assert value.raised(0.25) == value.raised(-0.25) == value


def test_a_cut_is_that_of_the_value_on_the_trees_own_control():
    for name, value in (("complete", Portable("similarity", 0.4)), ("kmeans", Portable("count", 6.0))):
        tree = clusterers.create(name).fit(clustered_rows(30))
        assert value.cut(tree, 30).tolist() == tree.cut(value.on(tree.control, 30)).tolist()


@pytest.mark.parametrize("name", clusterers.names())
def test_the_best_value_scores_what_it_says_and_no_worse_than_the_default(name):
    rng = np.random.default_rng(0)
    labels = np.repeat(np.arange(8), 5)
    both = [unit(rng.standard_normal((8, 16))[labels] + 0.4 * rng.standard_normal((40, 16))) for _ in range(2)]
    trees = [clusterers.create(name).fit(rows) for rows in both]
    value, score = best_value(trees, [labels, labels], 5.0)
    assert value.kind == trees[0].control.kind
    assert score == pytest.approx(np.mean([ari_of(tree, labels, value) for tree in trees]))
    as_opened = [evaluate(labels, tree.cut(tree.control.default)).ari for tree in trees]
    assert score >= np.mean(as_opened) - 1e-12 or value.kind == "count"
    assert score > 0.5


def test_of_counts_half_to_twice_the_photos_a_model_are_tried():
    rows = clustered_rows(60)
    tree = clusterers.create("kmeans").fit(rows)
    everyone_alone = np.arange(60)
    value, _ = best_value([tree], [everyone_alone], 6.0)
    assert value == Portable("count", 3.0)
    one_model = np.zeros(60, int)
    assert best_value([tree], [one_model], 6.0)[0].kind == "count"
