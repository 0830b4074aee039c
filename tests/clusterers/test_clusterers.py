"""Clusterers: what every registered one must do, and equality with scikit-learn."""

import itertools
import pickle
import warnings

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, AgglomerativeClustering
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles, clustered_rows

from shopsim import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import condensed_distances, similarity_of
from shopsim.clusterers.merge_tree import NEVER_JOINED, MergeTree

NAMES = clusterers.names()
TREES = ["average", "average_local", "complete", "dbscan", "hdbscan", "mutual_knn", "single"]
LINKAGES = ["average", "complete", "single"]

every_clusterer = pytest.mark.parametrize("name", NAMES)
every_tree = pytest.mark.parametrize("name", TREES)
every_linkage = pytest.mark.parametrize("name", LINKAGES)


def all_thresholds(tree):
    """One between each two merges, and beyond both ends."""
    edges = tree.similarities
    return [edges[0] + 1e-9, *((edges[:-1] + edges[1:]) / 2), edges[-1] - 1e-9]


def square(rows):
    """Distances as scikit-learn takes them, from this package's own."""
    n = len(rows)
    matrix = np.zeros((n, n))
    matrix[np.triu_indices(n, 1)] = condensed_distances(rows)
    return matrix + matrix.T


def first_appearance(labels):
    """The distinct labels in the order in which they first appear."""
    return list(dict.fromkeys(labels.tolist()))


@every_clusterer
def test_each_clusterer_that_gives_a_tree_is_tested_as_one(name):
    assert isinstance(clusterers.create(name).fit(at_angles(0)), MergeTree) == (name in TREES)


@every_clusterer
@pytest.mark.parametrize("n_rows", [0, 1, 2, 3, 40])
def test_every_cut_labels_every_photo_by_first_appearance(name, n_rows):
    tree = clusterers.create(name).fit(clustered_rows(n_rows))
    for value in (tree.control.low, tree.control.default, tree.control.high):
        labels = tree.cut(value)
        assert labels.dtype == np.int64
        assert labels.shape == (n_rows,)
        assert first_appearance(labels) == list(range(len(set(labels.tolist()))))


@every_clusterer
@pytest.mark.parametrize("n_rows", [1, 40])
def test_what_is_fitted_in_another_process_comes_back_whole(name, n_rows):
    tree = clusterers.create(name).fit(clustered_rows(n_rows))
    sent = pickle.loads(pickle.dumps(tree))
    np.testing.assert_array_equal(sent.cut(tree.control.default), tree.cut(tree.control.default))


@every_clusterer
@pytest.mark.parametrize("n_rows", [0, 1, 2, 40])
def test_the_control_can_be_drawn_as_a_widget(name, n_rows):
    control = clusterers.create(name).fit(clustered_rows(n_rows)).control
    assert control.low <= control.default <= control.high
    assert control.low < control.high or control.kind == "count"
    assert control.step > 0
    assert control.name


@every_clusterer
@pytest.mark.parametrize("row", [np.zeros(16), np.ones(16) / 4], ids=["zero", "equal"])
@pytest.mark.parametrize("n_rows", [2, 3, 30])
def test_rows_that_are_all_alike_warn_of_nothing_and_are_never_torn(name, row, n_rows):
    rows = np.tile(row.astype(np.float32), (n_rows, 1))
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        tree = clusterers.create(name).fit(rows)
        labels = tree.cut(tree.control.default)
    # A group of one each is what asking for as many groups as photos, or for dense places of more photos, gives.
    assert len(set(labels.tolist())) in (1, n_rows)
    if tree.control.kind == "resolution":
        assert labels.max() == 0


@every_clusterer
def test_the_help_says_how_a_value_carries_over_to_other_photos(name):
    help = clusterers.create(name).fit(clustered_rows(10)).control.help
    assert "other photos" in help or "carries over" in help


@every_clusterer
def test_the_same_rows_give_the_same_groups(name):
    first, second = (clusterers.create(name).fit(clustered_rows(60)) for _ in range(2))
    assert (first.cut(first.control.default) == second.cut(second.control.default)).all()


@every_clusterer
def test_fitting_leaves_the_rows_as_they_are(name):
    rows = clustered_rows(40)
    before = rows.copy()
    tree = clusterers.create(name).fit(rows)
    tree.cut(tree.control.default)
    assert (rows == before).all()


@every_clusterer
def test_memory_grows_with_photos_and_features(name):
    clusterer = clusterers.create(name)
    assert clusterer.memory(0, 0) > 0
    assert clusterer.memory(1000, 64) < clusterer.memory(2000, 64) < clusterer.memory(2000, 128)


@every_clusterer
def test_a_zero_row_gives_no_nan_and_breaks_nothing(name):
    rows = np.concatenate([clustered_rows(30), np.zeros((1, 16), np.float32)])
    tree = clusterers.create(name).fit(rows)
    assert len(tree.cut(tree.control.default)) == 31


@every_tree
def test_a_lower_threshold_never_gives_more_groups(name):
    tree = clusterers.create(name).fit(clustered_rows(80))
    counts = [len(set(tree.cut(threshold).tolist())) for threshold in all_thresholds(tree)]
    assert counts == sorted(counts, reverse=True)
    assert (counts[0], counts[-1]) == (80, 1)


@every_tree
def test_a_lower_threshold_only_joins_groups_and_tears_none(name):
    tree = clusterers.create(name).fit(clustered_rows(60))
    cuts = [tree.cut(threshold) for threshold in all_thresholds(tree)]
    for fine, coarse in itertools.pairwise(cuts):
        assert len(set(zip(fine.tolist(), coarse.tolist(), strict=True))) == len(set(fine.tolist()))


@every_tree
def test_the_range_of_the_control_reaches_from_one_group_to_all_alone(name):
    control = (tree := clusterers.create(name).fit(clustered_rows(50))).control
    # What is never joined stays apart down to the lowest threshold.
    assert tree.n_groups(control.low) == 1 + (tree.merge_similarities == NEVER_JOINED).sum()
    if control.joins:
        assert tree.n_groups(control.high) == 50


@every_tree
def test_shuffling_photos_shuffles_labels_and_nothing_else(name):
    rows = clustered_rows(70)
    order = np.random.default_rng(1).permutation(70)
    tree, shuffled = clusterers.create(name).fit(rows), clusterers.create(name).fit(rows[order])
    assert np.allclose(tree.similarities, shuffled.similarities, atol=1e-6)
    for threshold in np.linspace(tree.control.low, 1.0, 20):
        assert adjusted_rand_score(tree.cut(threshold)[order], shuffled.cut(threshold)) == 1.0


@every_linkage
def test_the_highest_threshold_gives_one_group_a_distinct_photo(name):
    rows = clustered_rows(30)[np.random.default_rng(0).integers(20, size=60)]
    labels = clusterers.create(name).fit(rows).cut(1.0)
    assert len(set(labels.tolist())) == len(np.unique(rows, axis=0))
    for group in set(labels.tolist()):
        assert len(np.unique(rows[labels == group], axis=0)) == 1


@every_linkage
def test_photos_that_differ_in_the_last_bit_are_not_copies(name):
    rows = np.repeat(clustered_rows(1, n_features=1280), 2, axis=0)
    rows[1, 0] = np.nextafter(rows[1, 0], 2, dtype=np.float32)
    tree = clusterers.create(name).fit(rows)
    assert tree.n_groups(1.0) == 2
    assert tree.n_groups(0.999999) == 1


@every_linkage
@pytest.mark.parametrize("seed", [0, 1])
def test_cuts_equal_agglomerative_clustering(name, seed):
    rows = clustered_rows(90, seed=seed)
    tree, distances = clusterers.create(name).fit(rows), square(rows)
    for threshold in all_thresholds(tree):
        reference = AgglomerativeClustering(
            None, metric="precomputed", linkage=name, distance_threshold=similarity_of(threshold)
        ).fit_predict(distances)
        assert adjusted_rand_score(reference, tree.cut(threshold)) == 1.0


@pytest.mark.parametrize("min_samples", [1, 2, 4, 7])
def test_dbscan_cuts_equal_scikit_learns_with_border_points_alone(min_samples):
    rows = clustered_rows(80)
    tree, distances = clusterers.create("dbscan", min_samples=min_samples).fit(rows), square(rows)
    for threshold in all_thresholds(tree):
        model = DBSCAN(eps=similarity_of(threshold), min_samples=min_samples, metric="precomputed").fit(distances)
        core = np.zeros(80, dtype=bool)
        core[model.core_sample_indices_] = True
        reference = np.where(core, model.labels_, 1000 + np.arange(80))
        assert adjusted_rand_score(reference, tree.cut(threshold)) == 1.0


@pytest.mark.parametrize("min_samples", [1, 2])
def test_dbscan_of_two_photos_or_fewer_is_single_linkage(min_samples):
    rows = clustered_rows(50)
    single, dbscan = clusterers.create("single"), clusterers.create("dbscan", min_samples=min_samples)
    assert (single.fit(rows).linkage == dbscan.fit(rows).linkage).all()


def test_dbscan_leaves_a_lonely_photo_alone_while_it_joins_a_dense_place():
    tree = clusterers.create("dbscan", min_samples=4).fit(at_angles(0, 2, 4, 6, 30, 90))
    assert tree.cut(np.cos(np.deg2rad(7))).tolist() == [0, 0, 0, 0, 1, 2]


def test_dbscan_asks_for_no_more_photos_than_there_are():
    tree = clusterers.create("dbscan", min_samples=4).fit(at_angles(0, 10))
    assert tree.similarities == pytest.approx([np.cos(np.deg2rad(10))])


def test_linkages_of_angles_are_known_by_hand():
    rows = at_angles(0, 10, 30)
    cosine = {degrees: np.cos(np.deg2rad(degrees)) for degrees in (10, 20, 30)}
    expected = {"single": cosine[20], "complete": cosine[30], "average": (cosine[20] + cosine[30]) / 2}
    for name, last in expected.items():
        similarities = clusterers.create(name).fit(rows).similarities
        assert similarities == pytest.approx([cosine[10], last], abs=1e-6)


@pytest.mark.parametrize("n_rows", [1, 2, 700, 1100])
def test_distances_are_one_minus_cosine_over_several_blocks(n_rows):
    rows = clustered_rows(n_rows, n_features=24)
    expected = (1.0 - rows.astype(np.float64) @ rows.T.astype(np.float64))[np.triu_indices(n_rows, 1)]
    assert np.allclose(condensed_distances(rows), expected, atol=1e-6)


def test_distances_are_zero_between_equal_rows_only_and_never_negative():
    rows = np.tile(clustered_rows(60, n_features=500), (11, 1))
    distances, identity = condensed_distances(rows), np.tile(np.arange(60), 11)
    equal = (identity[:, None] == identity)[np.triu_indices(len(rows), 1)]
    assert (distances[equal] == 0).all()
    assert (distances[~equal] > 0).all()
    assert distances.max() <= 2


def test_opposite_rows_are_as_far_apart_as_can_be():
    assert condensed_distances(at_angles(0, 180)).tolist() == [2.0]


@every_tree
def test_nan_in_the_vectors_is_an_error_and_not_a_group(name):
    rows = clustered_rows(5)
    rows[2, 3] = np.nan
    with pytest.raises(ValueError, match="finite"):
        clusterers.create(name).fit(rows)


@every_linkage
def test_many_ties_still_give_a_tree(name):
    rows = np.eye(8, dtype=np.float32)[np.arange(80) % 8]
    tree = clusterers.create(name).fit(rows)
    assert isinstance(tree, MergeTree)
    assert tree.similarities.tolist() == [1.0, 0.0]
    assert tree.cut(0.5).tolist() == (np.arange(80) % 8).tolist()


@pytest.mark.parametrize("settings", [{"min_samples": 0}, {"eps": 1}])
def test_wrong_settings_are_answered_with_a_sentence(settings):
    with pytest.raises(ShopsimError, match="min_samples"):
        clusterers.create("dbscan", **settings)


def test_average_linkage_is_the_first_choice():
    assert NAMES[0] == "average"
