"""Keys of features tell how photos were read; what was tuned or trained on an extractor is asked without that."""

from dataclasses import replace

import pytest
from catalog_fixtures import CountingExtractor

from shopsim import ShopsimError
from shopsim.catalog.photos.thumbnails import Thumbnails
from shopsim.features import feature_keys
from shopsim.features.extract import extract_features
from shopsim.features.feature_keys import key_of, same_extractor
from shopsim.features.networks import photos_known
from shopsim.tuning.apply import _check_key
from shopsim.tuning.settings import ExtractorUse

USE = ExtractorUse("color_shape", {}, "color_shape/2", 6)


def test_another_reading_is_another_key(monkeypatch):
    before = key_of(CountingExtractor())
    assert before == "counting reading=2"
    monkeypatch.setattr(feature_keys, "READING", 3)
    assert key_of(CountingExtractor()) != before


def test_rows_of_another_reading_are_extracted_anew(opened, cache, monkeypatch):
    catalog = opened(4)
    extract_features(catalog, CountingExtractor(), cache)
    monkeypatch.setattr(feature_keys, "READING", 3)
    again = CountingExtractor()
    extract_features(catalog, again, cache)
    assert again.n_extracted == 4


@pytest.mark.parametrize(
    ("key", "other", "same"),
    [
        ("a/1", "a/1", True),
        ("a/1", "a/1 reading=2", True),
        ("a/1 reading=1", "a/1 reading=2", True),
        ("a/1 reading=2", "a/2 reading=2", False),
        ("a/1", "a/1 input=2", False),
        ("a/1", "a/1 precision=bf16 reading=2", True),
        ("a/1 precision=bf16", "a/1 precision=int8 calibrated=1 reading=2", True),
        ("a/1 precision=bf16", "a/2 precision=bf16", False),
    ],
)
def test_one_extractor_is_one_however_photos_are_read(key, other, same):
    assert same_extractor(key, other) is same


def test_settings_that_were_tuned_before_still_fit():
    _check_key(USE, "color_shape/2 reading=2")
    _check_key(replace(USE, key="color_shape/2 reading=1"), "color_shape/2 reading=2")
    with pytest.raises(ShopsimError, match="gives other numbers here"):
        _check_key(USE, "color_shape/3 reading=2")


def test_a_network_knows_its_photos_however_they_are_read(monkeypatch):
    card = {"features": "saved_model/1 weights=1", "photos": ["0" * 16]}
    monkeypatch.setattr(photos_known, "_readable_cards", lambda: {"mine": card})
    with pytest.raises(ShopsimError, match="was trained on 1 of these 1 photos"):
        photos_known.check_unseen("saved_model/1 weights=1 reading=2", ["0" * 32])
    with pytest.raises(ShopsimError, match="was trained on 1 of these 1 photos"):
        photos_known.check_unseen("saved_model/1 weights=1 precision=bf16 reading=2", ["0" * 32])
    photos_known.check_unseen("saved_model/1 weights=2 reading=2", ["0" * 32])


def test_pictures_of_another_reading_have_other_names(tmp_path, monkeypatch):
    thumbnails = Thumbnails(tmp_path / "static", tmp_path)
    before = thumbnails._name("0" * 32, 64)
    monkeypatch.setattr("shopsim.catalog.photos.thumbnails.READING", 3)
    assert thumbnails._name("0" * 32, 64) != before
