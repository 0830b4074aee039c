"""The key of a recipe, under which trees are kept."""

from shopsim.grouping import recipe as module
from shopsim.grouping.recipe import Recipe


def test_another_approximate_search_is_a_miss_and_leaves_exact_trees(monkeypatch):
    exact, approximate = Recipe(), Recipe(clusterer_settings={"search": "hnsw"})
    before = exact.digest, approximate.digest
    monkeypatch.setattr(module, "HNSW_VERSION", 99)
    assert exact.digest == before[0]
    assert approximate.digest != before[1]
