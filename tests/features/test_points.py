"""Points of the map are computed once and stay where they are."""

from dataclasses import replace
from functools import partial

import numpy as np
import pytest
from vectors import clustered_rows

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.features.projections import points, projections
from shopsim.features.projections.points import rows_on_map


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path)


@pytest.fixture
def counted(monkeypatch):
    """How often something was laid out."""
    calls = []
    create = projections.create
    monkeypatch.setattr(projections, "create", lambda name, **settings: calls.append(name) or create(name, **settings))
    return calls


VECTORS = clustered_rows(20, 6)


def not_asked(k):
    raise AssertionError("no neighbours are needed")


points_of = partial(points.points_of, neighbours=not_asked)


def test_points_are_computed_once(store, counted):
    first = points_of(VECTORS, "pca", {}, store)
    assert np.array_equal(points_of(VECTORS.copy(), "pca", {}, store), first)
    assert counted == ["pca"]


def test_other_vectors_settings_and_seeds_are_other_points(store, counted):
    points_of(VECTORS, "tsne", {}, store)
    points_of(VECTORS, "tsne", {"perplexity": 4.0}, store)
    points_of(VECTORS, "tsne", {}, store, seed=1)
    points_of(VECTORS[::-1], "tsne", {}, store)
    assert len(counted) == 4


def test_a_new_version_is_computed_anew(store, counted):
    points_of(VECTORS, "pca", {}, store)
    with projections.temporarily(replace(projections.entry("pca"), version=2)):
        points_of(VECTORS, "pca", {}, store)
    assert counted == ["pca", "pca"]


@pytest.mark.parametrize("stored", [np.zeros((3, 2)), np.full((20, 2), np.nan), np.full((20, 2), "1")])
def test_an_entry_that_is_no_layout_is_computed_again(store, counted, monkeypatch, stored):
    monkeypatch.setattr(store, "load", lambda kind, key: stored)
    assert points_of(VECTORS, "pca", {}, store).shape == (20, 2)
    assert counted == ["pca"]


def test_an_unknown_projection_says_which_are_known(store):
    with pytest.raises(ShopsimError, match=r"Known: .*tsne"):
        points_of(VECTORS, "mercator", {}, store)


def test_all_photos_are_drawn_up_to_the_limit(monkeypatch):
    monkeypatch.setattr(points, "MAX_POINTS", 10)
    assert rows_on_map(10).tolist() == list(range(10))


def test_above_the_limit_the_same_random_photos_are_drawn(monkeypatch):
    monkeypatch.setattr(points, "MAX_POINTS", 10)
    rows = rows_on_map(1000)
    assert len(set(rows.tolist())) == 10
    assert (np.diff(rows) > 0).all()
    assert np.array_equal(rows, rows_on_map(1000))
    assert rows.max() > 500
