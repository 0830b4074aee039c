"""A fitted catalogue with corrections: another tree under another key, respected by every cut, and strict ones."""

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import clusterers
from shopsim.clusterers.bindings import takes_bindings
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.grouping.corrections import fit_bound as module
from shopsim.grouping.corrections.action import DIFFERENT, SAME, action
from shopsim.grouping.corrections.fit_bound import bound_for, fit_bound
from shopsim.grouping.corrections.store import keep, read_all_actions
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.recipe import Recipe


@pytest.fixture
def store():
    return Store(cache_dir())


@pytest.fixture
def fitted(tiny_catalog, fake_extractor, store):
    catalog = load_catalog(tiny_catalog)
    return fit(catalog, features_of(catalog, "fake", {}, cache_dir()), Recipe(), store)


def corrected(fitted, store, recipe=None):
    """Two photos of one model are kept apart, and two of different ones together."""
    catalog = fitted.catalog
    digest = {number: image.digest for number, image in enumerate(catalog.images)}
    keep(catalog, action(DIFFERENT, [[digest[0]], [digest[1]]]), action(SAME, [[digest[2]], [digest[15]]]))
    return fit_bound(fitted, recipe or Recipe(), bound_for(fitted, read_all_actions()), store)


def test_every_cut_respects_the_corrections_and_the_opening_stays(fitted, store):
    after = corrected(fitted, store)
    assert (after.opening, after.vectors is fitted.vectors) == (fitted.opening, True)
    for threshold in [*after.tree.similarities.tolist(), after.control.low, 1.0]:
        for strict in (False, True):
            labels = after.group(threshold, strict=strict).labels_pred
            assert labels[0] != labels[1]
            assert labels[2] == labels[15]
    assert after.group(-1.0).labels_pred.max() == 1


def test_the_curve_is_that_of_the_corrected_cuts(fitted, store):
    after = corrected(fitted, store)
    for threshold, ari in zip(after.curve.threshold.tolist(), after.curve.ari.tolist(), strict=True):
        assert after.group(threshold).evaluation.ari == pytest.approx(ari)


def test_the_tree_is_another_entry_and_is_kept(fitted, store, monkeypatch):
    after = corrected(fitted, store)
    assert after.key != fitted.key
    assert not np.array_equal(after.tree.linkage, fitted.tree.linkage)
    monkeypatch.setattr(module, "fit_in_memory", None)
    again = fit_bound(fitted, Recipe(), bound_for(fitted, read_all_actions()), store)
    assert np.array_equal(again.tree.linkage, after.tree.linkage)


def test_without_corrections_it_is_the_same_object(fitted, store):
    assert fit_bound(fitted, Recipe(), bound_for(fitted, ()), store) is fitted


@pytest.mark.parametrize("name", [name for name in clusterers.names() if takes_bindings(name)])
def test_every_clusterer_that_takes_them_respects_them(fitted, store, name):
    after = corrected(fitted, store, Recipe(clusterer=name))
    for value in (after.control.low, after.control.default, after.control.high):
        labels = after.group(value).labels_pred
        assert labels[2] == labels[15]
        assert labels[0] != labels[1]
    assert isinstance(after.tree, MergeTree) or name == "average_count"


def test_a_clusterer_that_cannot_says_so(fitted, store):
    with pytest.raises(ShopsimError, match=r"'kmeans'.*cannot keep photos together or apart.*Those that can: average"):
        corrected(fitted, store, Recipe(clusterer="kmeans"))
