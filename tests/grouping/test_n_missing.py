"""How many photos have no features yet, counted without running a network."""

import pytest
from fake_extractor import FakeExtractor

from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import extract_features
from shopsim.grouping import fit
from shopsim.grouping.fit import n_missing


@pytest.fixture
def catalog(tiny_catalog):
    return load_catalog(tiny_catalog)


class Unconverted(FakeExtractor):
    """A network whose key is known only after a conversion."""

    knows_key = False

    @property
    def key(self):
        raise AssertionError("it would be converted")


def test_photos_are_missing_until_their_features_are_kept(catalog, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "kept_extractor", lambda name, settings: FakeExtractor())
    n_different = len({image.digest for image in catalog.images})
    assert n_missing(catalog, "fake", {}, tmp_path) == n_different
    extract_features(catalog, FakeExtractor(), tmp_path)
    assert n_missing(catalog, "fake", {}, tmp_path) == 0


def test_a_network_that_was_never_converted_is_not_converted_to_count(catalog, tmp_path, monkeypatch):
    monkeypatch.setattr(fit, "kept_extractor", lambda name, settings: Unconverted())
    assert n_missing(catalog, "fake", {}, tmp_path) == len({image.digest for image in catalog.images})
