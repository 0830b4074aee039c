"""The threshold curve: each point against a cut of its own, and what a page draws of it."""

import time

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles, clustered_rows

from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.scoring.curve import count_curve, threshold_curve
from shopsim.scoring.evaluation import UNLABELLED, evaluate


def average(rows):
    return clusterers.create("average").fit(rows)


def random_tree(n_images, n_heights, seed):
    """A tree of random merges at a few distinct heights, so with many ties."""
    rng = np.random.default_rng(seed)
    heights = np.sort(rng.choice(np.linspace(0, 1.8, n_heights), size=max(n_images - 1, 0)))
    roots, sizes, merges = list(range(n_images)), [1] * n_images, []
    for step, height in enumerate(heights):
        left, right = (roots.pop(rng.integers(len(roots))) for _ in range(2))
        sizes.append(sizes[left] + sizes[right])
        merges.append((left, right, height, sizes[-1]))
        roots.append(n_images + step)
    return MergeTree(np.array(merges, float).reshape(-1, 4), n_images)


trees = st.builds(random_tree, st.integers(0, 40), st.integers(1, 30), st.integers(0, 99))


@given(trees, st.integers(0, 99))
@settings(max_examples=60)
def test_every_point_equals_the_scores_of_its_cut(tree, seed):
    models = np.random.default_rng(seed).integers(-1, 5, size=tree.n_images)
    curve = threshold_curve(tree, models)
    scored = models != UNLABELLED
    for i in range(len(curve)):
        for threshold in (curve.similarity[i], curve.threshold[i]):
            groups = tree.cut(threshold)
            result = evaluate(models, groups)
            assert curve.ari[i] == result.ari == adjusted_rand_score(models[scored], groups[scored])
            scores = (result.pairs.precision, result.pairs.recall, result.pairs.f1, result.n_groups)
            assert (curve.precision[i], curve.recall[i], curve.f1[i], curve.n_groups[i]) == scores


@given(trees)
def test_there_is_one_point_a_distinct_cut_from_all_alone_to_one_group(tree):
    curve = count_curve(tree)
    assert len(curve) == len(tree.similarities) + 1
    assert (np.diff(curve.similarity) < 0).all()
    assert (np.diff(curve.n_groups) < 0).all()
    assert curve.n_groups[0] == tree.n_images
    assert curve.n_groups[-1] == min(tree.n_images, 1)
    assert [tree.n_groups(threshold) for threshold in curve.threshold] == curve.n_groups.tolist()


@pytest.mark.parametrize("name", ["average", "complete", "single", "dbscan"])
def test_no_point_of_a_real_tree_is_off(name):
    rows = clustered_rows(120)
    models = np.random.default_rng(3).integers(8, size=120)
    tree = clusterers.create(name).fit(rows)
    curve = threshold_curve(tree, models)
    expected = [adjusted_rand_score(models, tree.cut(threshold)) for threshold in curve.threshold]
    assert curve.ari.tolist() == expected


def test_the_best_threshold_finds_groups_that_are_there():
    rows = at_angles(0, 1, 2, 60, 61, 120, 121, 122)
    models = np.array([5, 5, 5, 6, 6, 7, 7, 7])
    curve = threshold_curve(average(rows), models)
    assert curve.ari[curve.best] == 1.0
    assert average(rows).cut(curve.best_threshold).tolist() == [0, 0, 0, 1, 1, 2, 2, 2]


def test_rounding_the_best_threshold_to_a_sliders_step_keeps_the_groups():
    rows = at_angles(0, 1, 2, 60, 61, 120, 121, 122)
    models = np.array([5, 5, 5, 6, 6, 7, 7, 7])
    tree = average(rows)
    threshold = threshold_curve(tree, models).best_threshold
    assert tree.n_groups(round(threshold, 3)) == tree.n_groups(threshold) == 3
    assert round(threshold, 2) == threshold


def test_copies_merge_before_the_first_point_that_joins_anything():
    tree = average(at_angles(0, 0, 90))
    curve = threshold_curve(tree, np.array([0, 0, 1]))
    assert curve.n_groups.tolist() == [3, 2, 1]
    assert curve.similarity[0] > curve.similarity[1] == 1.0
    assert tree.n_groups(curve.threshold[0]) == 3


@pytest.mark.parametrize("n_images", [0, 1])
def test_a_curve_of_no_photo_or_one_has_one_perfect_point(n_images):
    curve = threshold_curve(average(clustered_rows(n_images)), np.zeros(n_images, int))
    assert (len(curve), curve.ari.tolist(), curve.best) == (1, [1.0], 0)
    assert len(curve.thin(2)) == 1


def test_without_any_label_every_point_is_perfect_and_groups_are_counted():
    curve = threshold_curve(average(clustered_rows(20)), np.full(20, UNLABELLED))
    assert set(curve.ari) == {1.0}
    assert curve.n_groups.tolist() == list(range(20, 0, -1))


@given(trees, st.integers(2, 60), st.integers(0, 9))
def test_a_thin_curve_keeps_its_ends_and_its_best_point_and_takes_the_rest_from_the_whole(tree, limit, seed):
    models = np.random.default_rng(seed).integers(5, size=tree.n_images)
    whole = threshold_curve(tree, models)
    thin = whole.thin(limit)
    assert len(thin) <= limit + 1
    assert thin.best_threshold == whole.best_threshold
    assert thin.ari[thin.best] == whole.ari[whole.best]
    assert (thin.similarity[0], thin.similarity[-1]) == (whole.similarity[0], whole.similarity[-1])
    rows_of_whole = set(zip(whole.similarity, whole.threshold, whole.ari, whole.n_groups, strict=True))
    assert set(zip(thin.similarity, thin.threshold, thin.ari, thin.n_groups, strict=True)) <= rows_of_whole
    assert (np.diff(thin.similarity) < 0).all()


def test_a_thin_curve_keeps_the_few_merges_far_down_where_a_line_would_cut_corners():
    crowd = np.linspace(0.0, 0.01, 5000)
    heights = np.concatenate([crowd, [0.5, 1.0, 1.5]])
    tree = random_tree(len(heights) + 1, 1, seed=0)
    linkage = tree.linkage.copy()
    linkage[:, 2] = heights
    thin = count_curve(MergeTree(linkage, tree.n_images)).thin(100)
    assert {0.5, 0.0, -0.5} <= set(thin.similarity)
    assert len(thin) <= 100


def test_labels_of_another_length_are_refused():
    with pytest.raises(ValueError, match="4 true labels do not match a tree of 5"):
        threshold_curve(average(clustered_rows(5)), np.zeros(4))


@pytest.mark.slow
def test_the_curve_of_ten_thousand_photos_takes_under_half_a_second():
    tree = random_tree(10_000, 9_000, seed=0)
    models = np.random.default_rng(0).integers(141, size=10_000)
    start = time.process_time()
    threshold_curve(tree, models)
    assert time.process_time() - start < 0.5


def some_long_curve(n_images=20_000):
    tree = random_tree(n_images, n_images - 500, seed=3)
    return threshold_curve(tree, np.random.default_rng(1).integers(n_images // 20, size=n_images))


def test_a_drawn_curve_is_exact_to_a_pixel():
    whole = some_long_curve()
    drawn = whole.drawn(low=0.0, value=0.5, width=1000, height=300)
    assert len(drawn) < len(whole) / 4
    kept = np.searchsorted(-drawn.similarity, -whole.similarity, side="right") - 1
    assert (drawn.similarity[kept] >= whole.similarity).all()
    across = np.maximum(drawn.similarity[kept], 0) - np.maximum(whole.similarity, 0)
    assert across.max() * 1000 < 1
    for name in ("ari", "precision", "recall"):
        assert np.abs(getattr(drawn, name)[kept] - getattr(whole, name)).max() * 300 < 1


def test_a_drawn_curve_keeps_its_ends_its_best_and_the_current_point():
    whole = some_long_curve()
    for value in (whole.threshold[777], whole.threshold[12_000], -1.0, 1.0):
        drawn = whole.drawn(low=0.0, value=float(value))
        assert drawn.best_threshold == whole.best_threshold
        assert (drawn.similarity[0], drawn.similarity[-1]) == (whole.similarity[0], whole.similarity[-1])
        current = whole.n_groups[max(int((whole.similarity >= value).sum()) - 1, 0)]
        assert current in drawn.n_groups


def test_a_short_curve_is_drawn_whole():
    curve = threshold_curve(average(clustered_rows(60)), np.arange(60) % 7)
    assert curve.drawn(0.2, 0.5) is curve
