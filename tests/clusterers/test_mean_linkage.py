"""Average linkage by group means: the same tree as SciPy's, whatever the photos look like."""

import numpy as np
import pytest
from photo_kinds import CLOSE, PHOTOS, all_alike, assert_same_tree, made, with_copies

from shopsim.base.rows import unit_rows
from shopsim.clusterers import mean_groups, mean_linkage
from shopsim.clusterers.distances import SMALLEST_DISTANCE, square_distances
from shopsim.clusterers.hierarchical import Linkage
from shopsim.clusterers.local_scale import LocalScaleLinkage
from shopsim.clusterers.mean_linkage import FEWEST, linkage_by_means, mean_linkage_memory
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.nearest_lists import nearest_lists


@pytest.fixture(autouse=True)
def short(monkeypatch):
    """Short lists and few groups at the end, so that a few hundred rows do what 100,000 do."""
    monkeypatch.setattr(mean_linkage, "_FEW_GROUPS", 10)
    monkeypatch.setattr(mean_groups, "LIST_LENGTH", 4)


@pytest.mark.parametrize("photos", PHOTOS)
@pytest.mark.parametrize("seed", range(3))
def test_the_tree_is_that_of_scipy(photos, seed):
    rows = made(photos, seed)
    assert_same_tree(linkage_by_means(rows), Linkage("average").fit(rows))


@pytest.mark.parametrize("photos", PHOTOS)
def test_the_tree_on_a_local_scale_is_that_of_scipy(photos, monkeypatch):
    rows = made(photos, 7)
    expected = LocalScaleLinkage(5).fit(rows)
    monkeypatch.setattr("shopsim.clusterers.local_scale.FEWEST", 2)
    assert_same_tree(LocalScaleLinkage(5).fit(rows).linkage, expected)


def test_lists_are_searched_again_where_they_have_run_dry(monkeypatch):
    searched = []
    search = mean_groups.MeanGroups.search
    monkeypatch.setattr(mean_groups.MeanGroups, "search", lambda self: searched.append(self.n_alive) or search(self))
    linkage_by_means(made(all_alike, 0))
    assert searched


def test_a_search_in_small_tiles_finds_the_same(monkeypatch):
    rows = made(all_alike, 0)
    expected = linkage_by_means(rows)
    tiles, tile = [], mean_groups.similarity_tile
    monkeypatch.setattr(mean_groups, "_MOST_IN_TILE", 1000)
    monkeypatch.setattr(mean_groups, "similarity_tile", lambda *given: tiles.append(tile(*given)) or tiles[-1])
    np.testing.assert_allclose(linkage_by_means(rows), expected, atol=CLOSE)
    assert max(each.size for each in tiles) <= 1000


def test_only_equal_rows_have_height_0_and_their_parts_come_first():
    rows = made(with_copies, 1)
    rows[50] = np.nextafter(rows[49], np.float32(2))
    linkage = linkage_by_means(rows)
    n_copies = len(rows) - len(np.unique(rows, axis=0))
    assert (linkage[:n_copies, 2] == 0).all()
    assert linkage[n_copies:, 2].min() >= SMALLEST_DISTANCE


@pytest.mark.parametrize("rows", [np.ones((40, 3)), np.zeros((40, 3)), np.eye(30)])
def test_photos_that_are_all_equal_or_all_different_give_a_whole_tree(rows):
    linkage = linkage_by_means(unit_rows(rows))
    expected = Linkage("average").fit(unit_rows(rows)).linkage
    np.testing.assert_allclose(linkage[:, 2], expected[:, 2], atol=CLOSE)
    MergeTree(linkage, len(rows))


def test_a_number_that_is_not_finite_is_refused():
    rows = made(all_alike, 0)
    rows[3, 2] = np.nan
    with pytest.raises(ValueError, match="finite"):
        linkage_by_means(rows)


def test_from_so_many_photos_on_average_linkage_needs_no_square_of_them(monkeypatch):
    monkeypatch.undo()
    rng = np.random.default_rng(0)
    rows = unit_rows(
        np.repeat(rng.standard_normal((FEWEST, 12)), 2, axis=0) + 0.3 * rng.standard_normal((2 * FEWEST, 12))
    )
    few, many = rows[: FEWEST - 1], rows
    assert Linkage("average").memory(*few.shape) > len(few) ** 2 * 8
    assert Linkage("average").memory(*many.shape) == mean_linkage_memory(*many.shape)
    assert_same_tree(Linkage("average").fit(many).linkage, MergeTree(_by_scipy(many), len(many)))


def _by_scipy(rows):
    from scipy.cluster.hierarchy import linkage
    from scipy.spatial.distance import squareform

    return linkage(squareform(square_distances(rows), checks=False), "average")


@pytest.mark.parametrize(("n", "k"), [(1, 3), (3, 5), (200, 4), (2500, 24)])
def test_the_lists_hold_the_most_similar_others(n, k):
    rng = np.random.default_rng(n)
    rows, offsets = unit_rows(rng.standard_normal((n, 12))), rng.uniform(0, 0.2, n).astype(np.float32)
    lists = nearest_lists(rows, offsets, k)
    everything = rows @ rows.T - offsets[:, None] - offsets
    np.fill_diagonal(everything, -np.inf)
    expected = -np.sort(-everything, axis=1)[:, :k]
    found = -np.sort(-lists.similarity, axis=1)
    np.testing.assert_allclose(found[:, : expected.shape[1]], expected, atol=1e-6)
    full = lists.ids >= 0
    assert (full.sum(axis=1) == min(k, n - 1)).all()
    line = np.nonzero(full)[0]
    np.testing.assert_allclose(everything[line, lists.ids[full]], lists.similarity[full], atol=1e-6)


def test_where_all_groups_are_equally_near_the_matrix_takes_over(monkeypatch):
    rounds = []
    merge = mean_groups.MeanGroups.merge
    monkeypatch.setattr(
        mean_groups.MeanGroups, "merge", lambda self, low, high: rounds.append(len(low)) or merge(self, low, high)
    )
    linkage_by_means(np.eye(600, dtype=np.float32))
    assert len(rounds) < 100
