"""Mutual neighbours, their components as a tree, and Leiden: against brute force."""

import itertools

import numpy as np
import pytest
from scipy.sparse import csr_array
from scipy.sparse.csgraph import connected_components
from sklearn.metrics import adjusted_rand_score
from vectors import at_angles, clustered_rows, unit

from shopsim.clusterers import clusterers
from shopsim.clusterers.merge_tree import NEVER_JOINED
from shopsim.clusterers.neighbour_lists import neighbour_lists
from shopsim.clusterers.neighbours import mutual_neighbours


@pytest.mark.parametrize("n_rows", [0, 1])
def test_a_lonely_photo_has_no_link(n_rows):
    assert mutual_neighbours(neighbour_lists(clustered_rows(n_rows), 5)).nnz == 0


def test_a_link_needs_both_directions():
    # 10 degrees has both others nearest; 30 has 10, but 10 has 0.
    links = mutual_neighbours(neighbour_lists(at_angles(0, 10, 30), 1)).toarray()
    assert (links > 0).tolist() == [[False, True, False], [True, False, False], [False, False, False]]
    assert links[0, 1] == pytest.approx(1 - np.cos(np.deg2rad(10)), abs=1e-6)


@pytest.mark.parametrize("k", [1, 3, 10, 200])
def test_a_cut_is_the_components_of_the_links_that_are_as_similar(k):
    rows = clustered_rows(120)
    tree = clusterers.create("mutual_knn", n_neighbors=k).fit(rows)
    links = mutual_neighbours(neighbour_lists(rows, k)).tocoo()
    for similarity in [*tree.similarities[tree.similarities > NEVER_JOINED], 0.5, 0.2]:
        kept = links.data <= 1 - similarity + 1e-12
        graph = csr_array((links.data[kept], (links.row[kept], links.col[kept])), shape=(120, 120))
        assert adjusted_rand_score(connected_components(graph)[1], tree.cut(similarity)) == 1.0


def test_with_all_photos_as_neighbours_it_is_single_linkage():
    rows = clustered_rows(60)
    ours, single = clusterers.create("mutual_knn", n_neighbors=200).fit(rows), clusterers.create("single").fit(rows)
    assert np.allclose(ours.merge_similarities, single.merge_similarities, atol=1e-6)


def test_photos_without_a_path_of_links_stay_apart_in_the_whole_range():
    rows = at_angles(0, 5, 90, 95, 180)
    tree = clusterers.create("mutual_knn", n_neighbors=1).fit(rows)
    assert tree.cut(tree.control.low).tolist() == [0, 0, 1, 1, 2]
    assert tree.control.low >= 0.9
    assert tree.cut(NEVER_JOINED).tolist() == [0] * 5
    assert tree.linkage[:, 3].tolist() == [2, 2, 4, 5]


def test_copies_are_joined_however_many_there_are_and_take_no_place():
    rows = np.repeat(at_angles(0, 5, 90), 30, axis=0)
    tree = clusterers.create("mutual_knn", n_neighbors=1).fit(rows)
    assert tree.cut(1.0).tolist() == np.repeat([0, 1, 2], 30).tolist()
    assert tree.cut(0.99).tolist() == np.repeat([0, 0, 1], 30).tolist()


def potts(rows, labels, k, resolution):
    """What Leiden maximises, by brute force: over pairs of one group, similarity of the link less the resolution."""
    links = mutual_neighbours(neighbour_lists(rows, k)).toarray()
    weight = np.where(links > 0, 1 - links, 0.0)
    pairs = itertools.combinations(range(len(rows)), 2)
    return sum(weight[i, j] - resolution for i, j in pairs if labels[i] == labels[j])


@pytest.mark.parametrize("resolution", [0.05, 0.2, 0.5, 0.8])
def test_leiden_does_about_as_well_as_any_linkage_at_what_it_maximises(resolution):
    rows = clustered_rows(60)
    ours = potts(rows, clusterers.create("leiden").fit(rows).cut(resolution), 20, resolution)
    trees = [clusterers.create(name).fit(rows) for name in ("average", "single", "mutual_knn")]
    best = max(potts(rows, tree.cut(value), 20, resolution) for tree in trees for value in tree.similarities)
    assert ours >= 0.98 * best


def test_a_resolution_means_the_same_beside_ten_times_as_many_photos():
    few = clustered_rows(60, n_centres=4)
    # The others stand at right angles to all of these.
    rows = np.zeros((660, 80), np.float32)
    rows[:60, :16], rows[60:, 16:] = few, clustered_rows(600, n_features=64, n_centres=40, seed=3)
    alone, beside = clusterers.create("leiden").fit(few), clusterers.create("leiden").fit(rows)
    for resolution in (0.1, 0.3):
        reached = [
            potts(few, labels, 20, resolution) for labels in (alone.cut(resolution), beside.cut(resolution)[:60])
        ]
        # It searches; what it finds is not always the same.
        assert reached[1] == pytest.approx(reached[0], rel=0.03)


def test_more_resolution_gives_more_groups():
    tree = clusterers.create("leiden").fit(clustered_rows(200))
    counts = [tree.cut(resolution).max() + 1 for resolution in (0.01, 0.05, 0.2, 0.6, 1.0)]
    assert counts == sorted(counts)
    assert counts[0] < 10 < 100 < counts[-1]


def test_photos_that_have_nothing_in_common_are_not_linked_by_leiden():
    rows = unit(np.concatenate([np.eye(5) + 0.01 * np.eye(5)[::-1], np.eye(5)]))
    labels = clusterers.create("leiden").fit(rows).cut(0.1)
    assert labels.tolist() == [0, 1, 2, 3, 4, 0, 1, 2, 3, 4]
