"""Approximate neighbour lists, and the tree on them: nearly those of an exact search, the same each time, and said."""

import importlib.util

import numpy as np
import pytest
from vectors import clustered_rows, unit

from shopsim import ShopsimError
from shopsim.clusterers import clusterers, hnsw_lists, mean_groups, mean_linkage
from shopsim.clusterers.approximate_tree import ApproximateTree, told
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.clusterers.neighbour_lists import neighbour_lists
from shopsim.scoring.evaluation import evaluate

K = 8


@pytest.fixture
def faiss():
    return pytest.importorskip("faiss", reason="faiss-cpu is not installed: pip install faiss-cpu")


@pytest.fixture(scope="module")
def rows():
    return unit(np.random.default_rng(0).standard_normal((2500, 24)))


def share_in_both(one, other):
    return np.mean([len(set(a) & set(b)) / len(b) for a, b in zip(one.tolist(), other.tolist(), strict=True)])


def test_nearly_all_neighbours_are_found_and_the_share_is_told(faiss, rows):
    found, exact = neighbour_lists(rows, K, search="hnsw"), neighbour_lists(rows, K)
    assert found.ids.shape == exact.ids.shape
    assert exact.found is None
    assert share_in_both(found.ids, exact.ids) == pytest.approx(found.found, abs=0.01)
    assert found.found > 0.95
    assert (found.ids[:, 0] == exact.ids[:, 0]).mean() > 0.97


def test_lists_are_as_those_of_an_exact_search_are(faiss, rows):
    lists = neighbour_lists(rows, K, search="hnsw")
    assert (np.diff(lists.similarity, axis=1) <= 0).all()
    assert np.allclose(lists.similarity, np.einsum("nd,nkd->nk", rows, rows[lists.ids]), atol=1e-6)
    assert all(len(set(near)) == K and row not in near for row, near in enumerate(lists.ids.tolist()))


def test_lists_are_mirrored(faiss, rows):
    lists = neighbour_lists(rows, K, search="hnsw")
    least = lists.similarity[:, -1]
    for row, near in enumerate(lists.ids.tolist()):
        for other, similarity in zip(near, lists.similarity[row], strict=True):
            assert similarity <= least[other] or row in lists.ids[other]


def test_a_share_is_measured_and_not_assumed(faiss, rows, monkeypatch):
    whole = hnsw_lists._searched

    def half(units, k, progress):
        ids = whole(units, k, progress)
        ids[:, k // 2 :] = -1
        return ids

    monkeypatch.setattr(hnsw_lists, "_searched", half)
    found = neighbour_lists(rows, K, search="hnsw")
    assert share_in_both(found.ids, neighbour_lists(rows, K).ids) == pytest.approx(found.found, abs=0.02)
    assert 0.4 < found.found < 0.9


def test_the_same_rows_give_the_same_lists(faiss, rows):
    one, other = (neighbour_lists(rows, K, search="hnsw") for _ in range(2))
    assert np.array_equal(one.ids, other.ids)
    assert np.array_equal(one.similarity, other.similarity)


@pytest.mark.parametrize("n_rows", [2, 3, 9])
def test_few_rows_have_all_others_as_neighbours(faiss, n_rows):
    lists = neighbour_lists(clustered_rows(n_rows), K, search="hnsw")
    assert lists.found == 1
    assert np.array_equal(np.sort(lists.ids, axis=1), [np.delete(np.arange(n_rows), row) for row in range(n_rows)])


def test_the_tree_of_few_rows_needs_no_lists_and_is_exact(faiss, rows):
    assert type(clusterers.create("average", search="hnsw").fit(rows[:2100])) is MergeTree


def test_the_tree_of_many_rows_is_nearly_the_exact_one_and_says_what_it_is(faiss, monkeypatch):
    monkeypatch.setattr(mean_linkage, "_FEW_GROUPS", 100)
    monkeypatch.setattr(mean_groups, "LIST_LENGTH", K)
    rows = clustered_rows(2500, 24, n_centres=300)
    exact, tree = (clusterers.create("average", search=search).fit(rows) for search in ("exact", "hnsw"))
    assert type(exact) is MergeTree and type(tree) is ApproximateTree
    assert 0.95 < tree.found <= 1
    for n_groups in (300, 1000):
        cut = exact.cut(exact.merge_similarities[2500 - n_groups - 1])
        assert evaluate(cut, tree.cut(exact.merge_similarities[2500 - n_groups - 1])).ari > 0.97


@pytest.mark.parametrize(
    "found, percent", [(1.0, "100.0%"), (0.99996, "99.9%"), (0.97, "97.0%"), (0.57, "57.0%"), (0.0, "0.0%")]
)
def test_a_note_does_not_round_up(found, percent):
    assert told(found) == f"The tree is approximate: its search found {percent} of the neighbours."


@pytest.mark.parametrize("found", [-0.1, 1.1, float("nan")])
def test_a_share_lies_between_0_and_1(found):
    with pytest.raises(ValueError, match="no share"):
        ApproximateTree(np.zeros((0, 4)), 1, found)


def test_without_the_package_it_says_what_to_type(monkeypatch):
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ShopsimError, match=r"needs faiss-cpu; type: pip install faiss-cpu"):
        clusterers.create("average", search="hnsw")
    clusterers.create("average", search="exact")


def test_its_memory_is_counted():
    assert clusterers.create("average").memory(10**6, 128) < mean_linkage.mean_linkage_memory(10**6, 128) + 1
    more = mean_linkage.mean_linkage_memory(10**6, 128) + hnsw_lists.hnsw_memory(10**6, 128)
    assert hnsw_lists.hnsw_memory(10**6, 128) > 10**6 * (128 * 2 + 48 * 4)
    if importlib.util.find_spec("faiss"):
        assert clusterers.create("average", search="hnsw").memory(10**6, 128) == more
