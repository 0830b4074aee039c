"""Clusterings cut by a number of groups, and those that estimate one; affinity propagation and the map."""

import numpy as np
import pytest
from sklearn.cluster import AffinityPropagation, AgglomerativeClustering, KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from vectors import at_angles, clustered_rows, unit

from shopsim import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.clusterers.distances import square_distances
from shopsim.clusterers.kmeans_estimated import by_silhouette


def places(n_places, n_rows=120):
    """Rows in as many dense places."""
    rng = np.random.default_rng(0)
    return unit(np.eye(16)[np.arange(n_rows) % n_places] + rng.normal(0, 0.02, size=(n_rows, 16)))


@pytest.mark.parametrize("n_groups", [1, 2, 5, 30, 79, 80])
def test_average_by_count_is_agglomerative_clustering(n_groups):
    rows = clustered_rows(80)
    model = AgglomerativeClustering(n_groups, metric="precomputed", linkage="average")
    labels = clusterers.create("average_count").fit(rows).cut(n_groups)
    assert adjusted_rand_score(model.fit_predict(square_distances(rows)), labels) == 1.0


def test_of_numbers_that_ties_leave_out_the_nearest_is_taken_and_of_two_the_larger():
    # Three pairs of equal similarity, then all at once: 6, 3 or 1 groups are possible.
    rows = np.repeat(np.eye(3, dtype=np.float32), 2, axis=0)
    tree = clusterers.create("average_count").fit(rows)
    counts = [tree.cut(n_groups).max() + 1 for n_groups in (1, 2, 3, 4, 5, 6)]
    assert counts == [1, 3, 3, 3, 6, 6]
    assert tree.possible.tolist() == [6, 3, 1]


def test_average_by_count_opens_at_the_trees_guess_and_moves_at_once():
    rows = places(7)
    control = clusterers.create("average_count").fit(rows).control
    assert (control.kind, control.default, control.high, control.instant) == ("count", 7, 120, True)


@pytest.mark.parametrize("name", ["average_count", "kmeans_estimated"])
def test_no_groups_are_refused(name):
    with pytest.raises(ValueError, match="at least 1 group"):
        clusterers.create(name).fit(clustered_rows(5)).cut(0)


@pytest.mark.parametrize("rule", ["silhouette", "tree"])
@pytest.mark.parametrize("n_places", [2, 4, 8])
def test_kmeans_finds_the_number_of_dense_places(rule, n_places):
    tree = clusterers.create("kmeans_estimated", rule=rule).fit(places(n_places))
    assert tree.control.default == n_places
    assert adjusted_rand_score(np.arange(120) % n_places, tree.cut(n_places)) == 1.0


def test_kmeans_by_photos_is_the_baselines_number():
    tree = clusterers.create("kmeans_estimated", rule="photos").fit(clustered_rows(211))
    assert tree.control.default == 3
    assert (tree.cut(3) == clusterers.create("kmeans").fit(clustered_rows(211)).cut(3)).all()


def test_the_silhouettes_number_is_the_best_of_those_tried():
    rows = clustered_rows(60)
    tried = [2, 3, 4, 5, 8, 11, 15, 21, 30]
    scores = [
        silhouette_score(rows, KMeans(n, n_init=1, random_state=0).fit_predict(rows), metric="cosine") for n in tried
    ]
    assert by_silhouette(rows, 0) == tried[int(np.argmax(scores))]


@pytest.mark.parametrize("degrees, n_groups", [((), 1), ((0,), 1), ((0, 0, 0), 1), ((0, 90), 2), ((0, 0, 90), 2)])
def test_with_fewer_than_three_different_photos_there_is_nothing_to_estimate(degrees, n_groups):
    assert by_silhouette(at_angles(*degrees), 0) == n_groups


def test_an_unknown_rule_is_answered_with_the_known_ones():
    with pytest.raises(ShopsimError, match="'elbow'; it must be one of photos, silhouette, tree"):
        clusterers.create("kmeans_estimated", rule="elbow")


def test_affinity_propagation_is_scikit_learns():
    rows = clustered_rows(60)
    for preference in (-3.0, 0.0, 0.5):
        model = AffinityPropagation(damping=0.7, preference=preference, affinity="precomputed", random_state=0)
        reference = model.fit_predict(1 - square_distances(rows))
        assert adjusted_rand_score(reference, clusterers.create("affinity_propagation").fit(rows).cut(preference)) == 1


def test_affinity_propagation_says_that_it_does_not_settle(monkeypatch):
    monkeypatch.setattr("shopsim.clusterers.affinity_propagation.ROUNDS", 5)
    with pytest.raises(ShopsimError, match="does not settle within 5 rounds"):
        clusterers.create("affinity_propagation").fit(clustered_rows(40)).cut(0.2)


def test_the_map_parts_places_that_are_far_apart():
    labels = clusterers.create("som").fit(places(4)).cut(4)
    assert adjusted_rand_score(np.arange(120) % 4, labels) == 1.0


def test_the_map_takes_each_photo_to_its_winner(monkeypatch):
    import minisom

    made = []
    monkeypatch.setattr(minisom.MiniSom, "train", lambda self, *_, **__: made.append(self))
    rows = clustered_rows(50)
    labels = clusterers.create("som").fit(rows).cut(12)
    winners = [made[0].winner(row) for row in rows.astype(np.float64)]
    assert adjusted_rand_score([row * 100 + column for row, column in winners], labels) == 1.0
    assert made[0].get_weights().shape[:2] == (3, 4)


@pytest.mark.parametrize("name", ["affinity_propagation", "som", "hdbscan", "dbscan_sklearn"])
def test_what_grows_with_all_pairs_says_so_beforehand(name):
    assert clusterers.create(name).memory(200_000, 256) > 64 * 2**30
