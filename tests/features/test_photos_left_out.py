"""Photos that give no feature row: deleted, changed, blank or not finite, each with its reason."""

import numpy as np
from catalog_fixtures import CountingExtractor, write_photo
from PIL import Image

from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import extract_features


def test_deleted_and_changed_photos_are_left_out_with_their_reason(opened, cache, tmp_path):
    catalog = opened(5)
    (tmp_path / "photos" / "001.jpg").unlink()
    write_photo(tmp_path / "photos" / "002.jpg", seed=77)
    (tmp_path / "photos" / "003.jpg").write_text("no photo any more")
    features = extract_features(catalog, CountingExtractor(), cache)
    assert features.image_ids == ("000.jpg", "004.jpg")
    assert {problem.name: problem.reason for problem in features.problems} == {
        "001.jpg": "cannot be read any more: No such file or directory",
        "002.jpg": "changed since the catalogue was opened; open it again",
        "003.jpg": "changed since the catalogue was opened; open it again",
    }


def test_photo_changed_while_it_is_read_stores_no_wrong_row(opened, cache, tmp_path, monkeypatch):
    from shopsim.features import decoded as module

    catalog = opened(3)
    read = module.read_image

    def change_then_read(path, size):
        if path.name == "001.jpg":
            write_photo(path, seed=500)
        return read(path, size)

    monkeypatch.setattr(module, "read_image", change_then_read)
    assert extract_features(catalog, CountingExtractor(), cache).image_ids == ("000.jpg", "002.jpg")


def test_deleted_photo_with_a_copy_at_hand_is_read_from_the_copy(opened, cache, tmp_path):
    opened(2)
    write_photo(tmp_path / "photos" / "copy.jpg", seed=0)
    catalog = load_catalog(tmp_path / "photos", cache=cache)
    (tmp_path / "photos" / "copy.jpg").unlink()
    assert extract_features(catalog, CountingExtractor(), cache).image_ids == ("000.jpg", "001.jpg", "copy.jpg")


def test_photo_deleted_while_others_are_extracted_is_left_out(opened, cache, tmp_path):
    catalog = opened(60)

    def delete_the_last(done, total):
        (tmp_path / "photos" / "059.jpg").unlink(missing_ok=True)

    features = extract_features(catalog, CountingExtractor(), cache, delete_the_last)
    assert [problem.name for problem in features.problems] == ["059.jpg"]
    assert len(features.image_ids) == 59


def test_blank_photos_are_left_out_and_not_read_again(opened, cache, tmp_path):
    opened(2)
    Image.new("RGB", (30, 30), "white").save(tmp_path / "photos" / "white.png")
    catalog = load_catalog(tmp_path / "photos", cache=cache)
    for n_extracted in (3, 0):
        extractor = CountingExtractor()
        features = extract_features(catalog, extractor, cache)
        assert extractor.n_extracted == n_extracted
        assert [problem.name for problem in features.problems] == ["white.png"]
        assert features.problems[0].reason.startswith("blank")


def test_rows_that_are_not_finite_are_left_out(opened, cache):
    extractor = CountingExtractor()
    extractor.extract = lambda images: np.where(np.arange(len(images))[:, None] == 1, np.nan, np.ones((1, 4)))
    assert extract_features(opened(3), extractor, cache).image_ids == ("000.jpg", "002.jpg")
