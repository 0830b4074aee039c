"""DBSCAN with border photos and HDBSCAN: equality with scikit-learn on the same distances, noise in groups of one."""

import numpy as np
import pytest
from sklearn.cluster import DBSCAN, HDBSCAN
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles, clustered_rows

from shopsim.base.labels import noise_as_singletons
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import condensed_distances, square_distances


def equal(left, right):
    return adjusted_rand_score(left, right) == 1.0


@pytest.mark.parametrize("min_samples", [2, 4, 7])
@pytest.mark.parametrize("similarity", [0.95, 0.8, 0.6, 0.4, 0.0])
def test_dbscan_is_scikit_learns_border_photos_included(min_samples, similarity):
    rows = clustered_rows(90)
    reference = DBSCAN(eps=1 - similarity, min_samples=min_samples, metric="cosine").fit_predict(rows)
    labels = clusterers.create("dbscan_sklearn", min_samples=min_samples).fit(rows).cut(similarity)
    assert equal(noise_as_singletons(reference), labels)


def test_a_border_photo_joins_here_and_stays_alone_in_the_core_form():
    rows = at_angles(0, 2, 4, 6, 14, 90)
    threshold = np.cos(np.deg2rad(7))
    assert clusterers.create("dbscan_sklearn").fit(rows).cut(threshold).tolist() == [0, 0, 0, 0, 1, 2]
    threshold = np.cos(np.deg2rad(6.5))
    rows = at_angles(0, 2, 4, 6, 10, 90)
    assert clusterers.create("dbscan").fit(rows).cut(threshold).tolist() == [0, 0, 0, 0, 1, 2]
    assert clusterers.create("dbscan_sklearn").fit(rows).cut(threshold).tolist() == [0, 0, 0, 0, 0, 1]


def test_a_pair_exactly_as_similar_as_the_threshold_is_joined():
    rows = clustered_rows(12)
    single, dbscan = clusterers.create("single").fit(rows), clusterers.create("dbscan_sklearn", min_samples=1).fit(rows)
    for similarity in single.similarities:
        assert equal(single.cut(similarity), dbscan.cut(similarity))
        assert dbscan.cut(similarity + 1e-6).max() > dbscan.cut(similarity).max()


def test_dbscan_opens_where_its_core_form_opens():
    rows = clustered_rows(60)
    core, border = (clusterers.create(name).fit(rows).control for name in ("dbscan", "dbscan_sklearn"))
    assert (core.low, core.default) == (border.low, border.default)
    assert not border.instant
    assert border.is_a_threshold


@pytest.mark.parametrize("min_cluster_size, min_samples", [(2, 2), (2, 1), (5, 3)])
def test_hdbscan_is_scikit_learns(min_cluster_size, min_samples):
    rows = clustered_rows(90)
    settings = {"min_cluster_size": min_cluster_size, "min_samples": min_samples}
    reference = HDBSCAN(**settings, metric="precomputed", copy=True).fit_predict(square_distances(rows))
    tree = clusterers.create("hdbscan", **settings).fit(rows)
    assert equal(noise_as_singletons(reference), tree.cut(tree.control.default))
    assert 1 < tree.cut(1.0).max() < 89


@pytest.mark.parametrize("min_samples", [1, 3])
def test_below_100_percent_groups_are_joined_where_dbscan_joins_any_of_them(min_samples):
    rows = clustered_rows(90)
    tree = clusterers.create("hdbscan", min_samples=min_samples).fit(rows)
    core, plain = clusterers.create("dbscan", min_samples=min_samples).fit(rows), tree.cut(1.0)
    for similarity in (0.9, 0.7, 0.6, 0.5, 0.3):
        joined, wanted = core.cut(similarity), plain.copy()
        for group in range(joined.max() + 1):
            touched = np.unique(wanted[joined == group])
            wanted[np.isin(wanted, touched)] = touched[0]
        assert equal(wanted, tree.cut(similarity))


def test_hdbscan_finds_places_of_different_density_that_no_threshold_finds():
    rows = at_angles(0, 0.1, 0.2, 0.9, 1.0, 1.1, 60, 70, 80)
    wanted = [0, 0, 0, 1, 1, 1, 2, 2, 2]
    assert clusterers.create("hdbscan", min_cluster_size=3).fit(rows).cut(1.0).tolist() == wanted
    tree = clusterers.create("single").fit(rows)
    assert not any(tree.cut(similarity).tolist() == wanted for similarity in tree.similarities)


def test_hdbscan_joins_dense_places_down_to_a_similarity():
    tree = clusterers.create("hdbscan", min_cluster_size=3).fit(at_angles(0, 0.1, 0.2, 0.9, 1.0, 1.1, 60, 70, 80))
    assert tree.cut(np.cos(np.deg2rad(5))).tolist() == [0, 0, 0, 0, 0, 0, 1, 1, 1]


def test_hdbscans_lonely_photos_are_groups_of_one():
    rows = np.concatenate([clustered_rows(40, n_centres=2), -clustered_rows(2, seed=5)])
    sizes = np.bincount(clusterers.create("hdbscan", min_cluster_size=10).fit(rows).cut(1.0))
    assert (sizes[(sizes < 10)] == 1).all()
    assert sizes.max() >= 10


def test_the_square_of_distances_is_the_triangle_twice():
    rows = clustered_rows(30)
    square = square_distances(rows)
    assert (square == square.T).all()
    assert (square[np.triu_indices(30, 1)] == condensed_distances(rows)).all()
    assert [square_distances(rows[:n]).shape for n in (0, 1, 2)] == [(0, 0), (1, 1), (2, 2)]
