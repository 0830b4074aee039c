"""Extractors that are fused: which, and their features for the same photos."""

import numpy as np
import pytest
from tuned_cases import photos, second_view

from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping import companions
from shopsim.grouping.companions import companion_features, companions_of, light_companion_of, networks_among, views_of
from shopsim.grouping.fit import OWN_VECTORS, features_of


@pytest.fixture
def every_network(monkeypatch):
    """The weights of every network are on this machine."""
    monkeypatch.setattr(companions, "why_unavailable", lambda name: None)


@pytest.mark.parametrize("name", extractors.names())
def test_every_extractor_has_a_light_companion_last_that_is_another_one_and_known(name, every_network):
    *networks, light = companions_of(name)
    assert light != name
    assert {light, *networks} <= set(extractors.names())
    assert not networks_among([light])


@pytest.mark.parametrize("pair", [("efficientnet_lite0", "mobilenet_v2"), ("mobilenet_v2", "efficientnet_lite0")])
def test_the_second_network_comes_first_where_its_weights_are_there(pair, every_network):
    name, second = pair
    assert companions_of(name) == (second, "color_shape")
    assert networks_among(companions_of(name)) == (second,)


@pytest.mark.parametrize(("name", "light"), [("efficientnet_lite0", "color_shape"), ("color_shape", "image_signature")])
def test_the_light_companion_is_the_same_whatever_networks_are_there(name, light, every_network):
    assert light_companion_of(name) == light


def test_a_second_network_without_weights_is_no_companion(monkeypatch):
    monkeypatch.setattr(companions, "why_unavailable", lambda name: f"{name} has no weights")
    assert companions_of("efficientnet_lite0") == ("color_shape",)


def test_own_vectors_have_none_since_photos_may_be_absent():
    assert companions_of(OWN_VECTORS) == ()


def test_a_companion_tells_of_the_same_photos_in_the_same_order(tiny_catalog, fake_extractor, tmp_path):
    catalog = load_catalog(tiny_catalog)
    features = features_of(catalog, "fake", {}, tmp_path).of(catalog.image_ids[3:9])
    added = companion_features(catalog, features, tmp_path, ("color_shape",))
    assert added["color_shape"].image_ids == features.image_ids
    alone = features_of(catalog, "color_shape", {}, tmp_path).of(features.image_ids)
    assert added["color_shape"].raw.tolist() == alone.raw.tolist()


def test_a_photo_it_says_nothing_about_has_a_row_of_zeros(tiny_catalog, fake_extractor, tmp_path, monkeypatch):
    catalog = load_catalog(tiny_catalog)
    features = features_of(catalog, "fake", {}, tmp_path)
    blind = Features(np.ones((3, 2), np.float32), catalog.image_ids[5:8], "blind")
    monkeypatch.setattr("shopsim.grouping.companions.features_of", lambda *given: blind)
    rows = companion_features(catalog, features, tmp_path, ("blind",))["blind"]
    assert rows.image_ids == catalog.image_ids
    assert np.flatnonzero(rows.raw.any(axis=1)).tolist() == [5, 6, 7]
    assert np.isfinite(rows.vectors).all()


def test_views_are_unit_rows_the_main_one_first():
    _, features = photos()
    views = views_of("main", features, {"other": second_view(features)})
    assert list(views) == ["main", "other"]
    assert all(np.allclose(np.linalg.norm(rows, axis=1), 1, atol=1e-5) for rows in views.values())


def test_features_of_other_photos_or_in_another_order_are_no_view():
    _, features = photos()
    other = second_view(features)
    for wrong in (other.of(other.image_ids[1:]), Features(other.raw, other.image_ids[::-1], "turned")):
        with pytest.raises(ValueError, match="'other'"):
            views_of("main", features, {"other": wrong})
