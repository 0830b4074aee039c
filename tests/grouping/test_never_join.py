"""Photos that differ in a column are never joined: in no cut, beside corrections, under a key of its own."""

from itertools import combinations

import numpy as np
import pytest
from column_cases import table_of_photos

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import clusterers
from shopsim.clusterers.bindings import takes_bindings
from shopsim.grouping import never_join as module
from shopsim.grouping.corrections.action import DIFFERENT, SAME, action
from shopsim.grouping.corrections.fit_bound import bound_for, fit_bound
from shopsim.grouping.corrections.store import keep, read_all_actions
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.never_join import fit_never_joined, stopped_joins
from shopsim.grouping.recipe import Recipe


@pytest.fixture
def store():
    return Store(cache_dir())


@pytest.fixture
def fitted(tmp_path, fake_extractor, store):
    catalog = load_catalog(table_of_photos(tmp_path / "photos"))
    return fit(catalog, features_of(catalog, "fake", {}, cache_dir()), Recipe(), store)


def brands(fitted):
    return np.array([image.cells[0] for image in fitted.catalog.images])


def thresholds(fitted):
    return [*fitted.tree.similarities.tolist(), fitted.control.low, 1.0]


def test_no_cut_joins_two_brands(fitted, store):
    after, brand = fit_never_joined(fitted, Recipe(), "brand", store), brands(fitted)
    for threshold in thresholds(after):
        for strict in (False, True):
            labels = after.group(threshold, strict=strict).labels_pred
            assert all(len(set(brand[labels == label])) == 1 for label in set(labels.tolist()))
    # Photos without a brand are one more kind.
    assert after.group(-1.0).labels_pred.max() == 2
    assert fitted.group(-1.0).labels_pred.max() == 0


def test_the_curve_is_that_of_the_cuts_and_the_opening_is_its_best(fitted, store):
    after = fit_never_joined(fitted, Recipe(), "brand", store)
    for threshold, ari in zip(after.curve.threshold.tolist(), after.curve.ari.tolist(), strict=True):
        assert after.group(threshold).evaluation.ari == pytest.approx(ari)
    assert after.group(after.opening[0]).evaluation.ari == pytest.approx(after.curve.ari.max())


@pytest.mark.parametrize("strict", [False, True])
def test_stopped_joins_are_counted_pair_by_pair(fitted, store, strict):
    after, brand = fit_never_joined(fitted, Recipe(), "brand", store), brands(fitted)
    models, counted = fitted.catalog.labels_true, set()
    for threshold in thresholds(fitted):
        free = fitted.group(threshold, strict=strict).labels_pred
        pairs = [(a, b) for a, b in combinations(range(len(free)), 2) if free[a] == free[b] and brand[a] != brand[b]]
        stopped = stopped_joins(after.group(threshold, strict=strict))
        assert stopped.n_pairs == len(pairs)
        assert stopped.n_pairs_of_one_model == sum(models[a] == models[b] for a, b in pairs)
        assert stopped.n_groups == len({free[a] for a, _ in pairs})
        assert (stopped.n_values, stopped.n_without_value) == (2, 4)
        counted.add(len(pairs))
    assert len(counted) > 2
    assert stopped_joins(fitted.group(1.0)) is None


def test_corrections_outrank_the_rule_and_the_rest_obeys_it(fitted, store):
    """Photos 0 and 1 are of two brands; a correction puts them together, and nothing else joins them."""
    images = fitted.catalog.images
    keep(
        fitted.catalog,
        action(SAME, [[images[0].digest], [images[1].digest]]),
        action(DIFFERENT, [[images[4].digest], [images[6].digest]]),
    )
    ruled, brand = fit_never_joined(fitted, Recipe(), "brand", store), brands(fitted)
    assert (brand[0] != brand[1], brand[4] == brand[6]) == (True, True)
    after = fit_bound(ruled, Recipe(), bound_for(ruled, read_all_actions()), store)
    assert len({after.key, ruled.key, fitted.key}) == 3
    for threshold in thresholds(after):
        labels = after.group(threshold).labels_pred
        assert np.flatnonzero(labels == labels[0]).tolist() == [0, 1]
        assert labels[4] != labels[6]
        others = [label for label in set(labels.tolist()) if label != labels[0]]
        assert all(len(set(brand[labels == label])) == 1 for label in others)


def test_the_tree_is_kept_under_a_key_of_the_parts(fitted, store, monkeypatch):
    after = fit_never_joined(fitted, Recipe(), "brand", store)
    other = fit_never_joined(fitted, Recipe(), "split", store)
    assert len({after.key, other.key, fitted.key}) == 3
    monkeypatch.setattr(module, "_link", None)
    again = fit_never_joined(fitted, Recipe(), "brand", store)
    np.testing.assert_array_equal(again.tree.linkage, after.tree.linkage)


def test_a_column_that_is_not_there_is_named(fitted, store):
    with pytest.raises(ShopsimError, match=r"'photos' has no column 'seller'\. Known: brand, price, split\."):
        fit_never_joined(fitted, Recipe(), "seller", store)


@pytest.mark.parametrize("name", clusterers.names())
def test_each_clusterer_keeps_photos_apart_or_says_that_it_cannot(name, fitted, store):
    recipe, brand = Recipe(clusterer=name), brands(fitted)
    if not takes_bindings(name):
        with pytest.raises(ShopsimError, match=f"'{name}' .* cannot keep photos together or apart"):
            fit_never_joined(fitted, recipe, "brand", store)
        return
    own = fit(fitted.catalog, fitted.features, recipe, store)
    labels = fit_never_joined(own, recipe, "brand", store).tree.cut(1 if name == "average_count" else -1.0)
    assert all(len(set(brand[labels == label])) == 1 for label in set(labels.tolist()))
