"""The merge tree: its cut, its thresholds, the guess it opens with."""

import time

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.cluster.hierarchy import linkage
from vectors import at_angles, clustered_rows, unit

from shopsim.clusterers import clusterers
from shopsim.clusterers.distance_trees import tree_from_distances
from shopsim.clusterers.merge_tree import MergeTree, longest_plateau
from shopsim.clusterers.thresholds import between, of_each_cut


def tree_of(*merges, n_images):
    """A tree from (left, right, similarity, size) rows."""
    linkage = np.array([(left, right, 1 - similarity, size) for left, right, similarity, size in merges], float)
    return MergeTree(linkage.reshape(-1, 4), n_images)


def pairs_then_all(n_pairs, within=0.9, between=0.2):
    """Pairs of photos that are much alike, all pairs equally unlike."""
    merges = [(2 * pair, 2 * pair + 1, within, 2) for pair in range(n_pairs)]
    first = 2 * n_pairs
    merges.append((first, first + 1, between, 4))
    merges += [(first + i + 1, first + n_pairs + i - 1, between, 2 * i + 4) for i in range(1, n_pairs - 1)]
    return tree_of(*merges, n_images=2 * n_pairs)


FIVE = tree_of((3, 4, 0.9, 2), (0, 1, 0.8, 2), (2, 5, 0.8, 3), (6, 7, 0.1, 5), n_images=5)


def test_a_cut_joins_at_the_threshold_itself_and_not_just_above():
    assert FIVE.cut(0.9).tolist() == [0, 1, 2, 3, 3]
    assert FIVE.cut(np.nextafter(0.9, 1)).tolist() == [0, 1, 2, 3, 4]


def test_merges_at_one_similarity_happen_together():
    assert FIVE.similarities == pytest.approx([0.9, 0.8, 0.1])
    assert FIVE.cut(0.8).tolist() == [0, 0, 1, 1, 1]
    assert FIVE.n_groups(0.8) == 2


@pytest.mark.parametrize("threshold, n_groups", [(np.inf, 5), (1.0, 5), (-1.0, 1), (-np.inf, 1)])
def test_a_threshold_beyond_the_merges_gives_all_alone_or_one_group(threshold, n_groups):
    assert FIVE.n_groups(threshold) == n_groups
    assert len(set(FIVE.cut(threshold).tolist())) == n_groups


@given(st.integers(0, 40), st.floats(-1.1, 1.1))
def test_counting_groups_agrees_with_cutting(n_images, threshold):
    tree = clusterers.create("average").fit(clustered_rows(n_images))
    assert tree.n_groups(threshold) == len(set(tree.cut(threshold).tolist()))


@pytest.mark.parametrize("n_images", [0, 1])
def test_no_photo_and_one_photo_are_trees(n_images):
    tree = MergeTree(np.zeros((0, 4)), n_images)
    assert tree.cut(0.5).tolist() == [0] * n_images
    assert tree.n_groups(0.5) == n_images
    assert len(tree.similarities) == 0
    assert tree.control.low < tree.control.default < tree.control.high


def test_nan_is_no_threshold():
    with pytest.raises(ValueError, match="NaN"):
        FIVE.cut(float("nan"))


@pytest.mark.parametrize("shape", [(3, 4), (5, 4), (4, 3), (0, 4)])
def test_a_linkage_of_another_size_is_refused(shape):
    with pytest.raises(ValueError, match="no tree of 5 photos"):
        MergeTree(np.zeros(shape), 5)


@pytest.mark.parametrize("heights", [[0.5, 0.4], [0.1, np.nan], [0.1, np.inf], [np.nan, 0.1], [-np.inf, 0.1]])
def test_heights_that_fall_are_refused(heights):
    linkage = np.array([[0, 1, heights[0], 2], [2, 3, heights[1], 3]])
    with pytest.raises(ValueError, match="heights"):
        MergeTree(linkage, 3)


@pytest.mark.parametrize(
    ("place", "value"),
    [
        ((0, 0), -1),
        ((0, 0), 5),
        ((0, 1), 3),
        ((0, 1), 3.5),
        ((0, 1), 1e300),
        ((2, 1), 6),
        ((2, 1), 7),
        ((3, 0), 5),
        ((3, 1), 0),
        ((0, 3), 3),
        ((3, 3), 4),
        ((3, 3), np.nan),
    ],
)
def test_merges_that_are_none_are_refused(place, value):
    linkage = FIVE.linkage.copy()
    assert MergeTree(linkage, 5).n_groups(0.5) == 2
    linkage[place] = value
    with pytest.raises(ValueError, match="linkage has"):
        MergeTree(linkage, 5)


@pytest.mark.parametrize("name", ["average", "complete", "single", "dbscan"])
@pytest.mark.parametrize("seed", range(3))
def test_no_merge_is_more_similar_than_those_it_is_made_of(name, seed):
    rng = np.random.default_rng(seed)
    rows = at_angles(*rng.integers(24, size=150) * 15)
    tree = clusterers.create(name).fit(rows)
    of_node = np.concatenate([np.full(150, 2.0), tree.merge_similarities])
    assert (of_node[tree.linkage[:, :2].astype(int)] >= tree.merge_similarities[:, None]).all()


@pytest.mark.parametrize("distance", [0.3, 0.7])
def test_ties_that_averaging_rounds_apart_stay_ties(distance):
    """16 photos equally far from each other: every merge of average linkage is at the same similarity."""
    distances = np.full(16 * 15 // 2, distance)
    assert len(np.unique(linkage(distances, "average")[:, 2])) > 1, "nothing to hold together here"
    assert len(tree_from_distances(distances, 16, "average").similarities) == 1


def test_a_cut_of_ten_thousand_photos_takes_under_ten_milliseconds():
    n = 10_000
    rng = np.random.default_rng(0)
    roots, merges = list(range(n)), []
    sizes = [1] * n
    for step, similarity in enumerate(np.sort(rng.random(n - 1))[::-1]):
        left, right = (roots.pop(rng.integers(len(roots))) for _ in range(2))
        sizes.append(sizes[left] + sizes[right])
        merges.append((left, right, similarity, sizes[-1]))
        roots.append(n + step)
    tree = tree_of(*merges, n_images=n)
    tree.cut(0.5)
    times = []
    for threshold in np.linspace(0.01, 0.99, 15):
        start = time.process_time()
        tree.cut(threshold)
        times.append(time.process_time() - start)
    assert np.median(times) < 0.010


@given(st.lists(st.floats(-1, 1), min_size=2, max_size=30, unique=True))
def test_the_threshold_of_a_cut_gives_that_cut(values):
    edges = np.sort(values)[::-1]
    edges = edges[np.concatenate([[True], np.diff(edges) < -1e-13])]
    thresholds = of_each_cut(edges)
    n_joined = [(edges >= threshold).sum() for threshold in thresholds]
    assert n_joined == list(range(len(edges) + 1))


def test_a_threshold_has_as_few_decimals_as_its_interval_allows():
    low, high = np.array([0.70, 0.871, 0.8713, -0.4]), np.array([0.90, 0.879, 0.8714, 0.3])
    assert between(low, high).tolist() == [0.8, 0.875, 0.87135, -0.05]


@given(st.floats(-1, 1), st.floats(1e-9, 1))
def test_a_threshold_stays_clear_of_both_its_bounds(low, width):
    high = low + width
    chosen = float(between(low, high))
    assert low + width / 5 < chosen < high - width / 5


@pytest.mark.parametrize("n_pairs", [2, 3, 10, 100])
def test_the_guess_finds_pairs(n_pairs):
    tree = pairs_then_all(n_pairs)
    assert tree.n_groups(longest_plateau(tree)) == n_pairs
    assert tree.control.default == longest_plateau(tree)
    assert 0.35 < longest_plateau(tree) < 0.75


@pytest.mark.parametrize("n_places", [2, 3, 5, 12])
def test_the_guess_finds_dense_places_of_any_number(n_places):
    rows = np.eye(12)[np.arange(60) % n_places] + np.random.default_rng(0).normal(0, 0.05, size=(60, 12))
    tree = clusterers.create("average").fit(unit(rows))
    assert tree.n_groups(tree.control.default) == n_places


@pytest.mark.parametrize("name", ["average", "complete", "single", "dbscan"])
@pytest.mark.parametrize("n_images", [3, 4, 5, 9, 60])
@pytest.mark.parametrize("seed", range(3))
def test_the_guess_never_shows_nothing(name, n_images, seed):
    tree = clusterers.create(name).fit(clustered_rows(n_images, seed=seed))
    if len(tree.similarities) > 1:
        assert 1 < tree.n_groups(tree.control.default) < n_images


@pytest.mark.parametrize("degrees, n_groups", [((0, 5), 1), ((0, 50), 2), ((0, 0), 1), ((7, 7, 7), 1)])
def test_where_there_is_nothing_to_choose_the_guess_is_the_tasks_95_percent(degrees, n_groups):
    tree = clusterers.create("average").fit(at_angles(*degrees))
    assert longest_plateau(tree) == 0.95
    assert tree.n_groups(0.95) == n_groups


def test_one_outlier_is_not_what_the_guess_shows():
    """The widest gap alone would set the outlier apart from all others."""
    rows = np.concatenate([clustered_rows(60, n_features=8, n_centres=4), -clustered_rows(1, n_features=8)])
    tree = clusterers.create("single").fit(rows)
    assert np.bincount(tree.cut(tree.control.default)).max() <= 45


def test_no_threshold_lies_below_what_a_cosine_can_be():
    tree = clusterers.create("average").fit(at_angles(0, 180))
    assert of_each_cut(tree.similarities).tolist() == [0.0, -1.0]
    assert tree.n_groups(-1.0) == 1
