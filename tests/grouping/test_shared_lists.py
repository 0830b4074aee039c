"""Tree, map and label errors take the neighbour lists of one search; an approximate tree says so everywhere."""

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import hierarchical, kept_neighbours, mean_groups, mean_linkage
from shopsim.clusterers.approximate_tree import ApproximateTree, note_on, share_found, told
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.features.projections import Projection, projections
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.map_points import map_points
from shopsim.grouping.recipe import Recipe
from shopsim.review.report import label_errors_of

HNSW = Recipe(clusterer_settings={"search": "hnsw"})


@pytest.fixture(autouse=True)
def many(monkeypatch):
    """Sixteen photos are as many as 3,001."""
    monkeypatch.setattr(hierarchical, "FEWEST", 2)
    monkeypatch.setattr(mean_linkage, "_FEW_GROUPS", 4)
    monkeypatch.setattr(mean_groups, "LIST_LENGTH", 4)


@pytest.fixture
def searches(monkeypatch):
    """The kinds of the searches that were made."""
    calls = []
    search = kept_neighbours.neighbour_lists

    def counted(rows, k, progress, how="exact", **named):
        calls.append(how)
        return search(rows, k, progress, how, **named)

    monkeypatch.setattr(kept_neighbours, "neighbour_lists", counted)
    return calls


@pytest.fixture
def store():
    return Store(cache_dir())


@pytest.fixture
def fitted(tiny_catalog, fake_extractor, store):
    """Fits the tiny catalogue by a recipe."""
    catalog = load_catalog(tiny_catalog)
    return lambda recipe: fit(catalog, features_of(catalog, "fake", {}, cache_dir()), recipe, store)


def test_tree_map_and_label_errors_take_one_search(fitted, store, searches, monkeypatch):
    near = []

    class Neighbourly(Projection):
        """Keeps the neighbours that it is given."""

        def project(self, vectors, seed=0, neighbours=None):
            near.append(neighbours(3))
            return np.zeros((len(vectors), 2), np.float32)

    grouping = fitted(Recipe()).group(0.9)
    assert searches == ["exact"]
    label_errors_of(grouping, store=store)
    monkeypatch.setattr(projections, "create", lambda name: Neighbourly())
    map_points(grouping.fitted.vectors, "umap", {}, store)
    map_points(grouping.fitted.vectors, "umap", {}, store)
    assert [ids.shape for ids, _ in near] == [(16, 3)]
    for clusterer in ("mutual_knn", "leiden", "average_local", "average_count"):
        fitted(Recipe(clusterer=clusterer))
    assert searches == ["exact"]


def test_label_errors_are_the_same_from_shared_lists(fitted, store):
    grouping = fitted(Recipe()).group(0.9)
    alone, shared = label_errors_of(grouping), label_errors_of(grouping, store=store)
    assert np.array_equal(alone.score, shared.score)
    assert np.array_equal(alone.suggested, shared.suggested)


def test_an_approximate_tree_is_kept_and_says_so(fitted, store, searches):
    pytest.importorskip("faiss", reason="faiss-cpu is not installed: pip install faiss-cpu")
    first, second = fitted(HNSW), fitted(HNSW)
    assert searches == ["hnsw"]
    for each in (first, second):
        assert type(each.tree) is ApproximateTree
        assert share_found(each.tree) == share_found(first.tree)
        assert note_on(each.tree) == told(each.tree.found)
        assert "exact" not in note_on(each.tree)
    exact = fitted(Recipe())
    assert type(exact.tree) is MergeTree
    assert share_found(exact.tree) is None
    assert note_on(exact.tree) == ""


def test_the_command_line_says_it_too(run, tiny_catalog, fake_extractor, tmp_path):
    pytest.importorskip("faiss", reason="faiss-cpu is not installed: pip install faiss-cpu")
    options = ("group", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out")
    code, out, _ = run(*options, "--search", "hnsw")
    assert code == 0
    assert told(1.0) in out
    assert "exact" not in out
    assert "approximate" not in run(*options)[1]


def test_a_map_that_needs_no_neighbours_searches_none(store, searches):
    rows = clustered_rows(40)
    map_points(rows, "pca", {}, store)
    assert searches == []
