"""Feature extraction: a row for each photo, computed once."""

import numpy as np
import pytest
from catalog_fixtures import CountingExtractor, photo_folder, write_photo

from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features, extract_features


def test_rows_are_those_of_the_photos_and_unit_vectors_too(opened, cache):
    catalog = opened(10)
    features = extract_features(catalog, CountingExtractor(), cache)
    assert features.image_ids == catalog.image_ids
    assert features.raw.shape == (10, 4)
    assert features.raw.dtype == features.vectors.dtype == np.float32
    assert features.key == "counting reading=2"
    np.testing.assert_allclose(np.linalg.norm(features.vectors, axis=1), 1, rtol=1e-6)
    for image, row in zip(catalog.images, features.raw, strict=True):
        alone = extract_features(catalog.subset([image.image_id]), CountingExtractor(), cache)
        np.testing.assert_array_equal(alone.raw[0], row)


def test_second_run_extracts_nothing(opened, cache):
    catalog = opened(10)
    first = extract_features(catalog, CountingExtractor(), cache)
    again = CountingExtractor()
    np.testing.assert_array_equal(extract_features(catalog, again, cache).raw, first.raw)
    assert again.n_extracted == 0


def test_another_batch_size_changes_no_row(opened, tmp_path):
    catalog = opened(10)
    one = extract_features(catalog, CountingExtractor(batch_size=3), tmp_path / "one")
    all_at_once = extract_features(catalog, CountingExtractor(batch_size=64), tmp_path / "two")
    np.testing.assert_array_equal(one.raw, all_at_once.raw)


def test_one_added_photo_computes_one_row(opened, cache, tmp_path):
    extract_features(opened(10), CountingExtractor(), cache)
    write_photo(tmp_path / "photos" / "added.jpg", seed=99)
    extractor = CountingExtractor()
    features = extract_features(load_catalog(tmp_path / "photos", cache=cache), extractor, cache)
    assert extractor.n_extracted == 1
    assert len(features.image_ids) == 11


def test_same_photo_in_two_catalogues_or_twice_in_one_is_computed_once(opened, cache, tmp_path):
    extractor = CountingExtractor()
    extract_features(opened(5), extractor, cache)
    other = photo_folder(tmp_path / "other", ["x.jpg", "y.jpg", "z.jpg"], first_seed=3)
    write_photo(other / "copy.jpg", seed=3)
    features = extract_features(load_catalog(other, cache=cache), extractor, cache)
    assert extractor.n_extracted == 6
    assert features.image_ids == ("copy.jpg", "x.jpg", "y.jpg", "z.jpg")
    np.testing.assert_array_equal(features.raw[0], features.raw[1])


def test_other_extractor_keeps_its_own_rows(opened, cache):
    catalog = opened(4)
    extract_features(catalog, CountingExtractor(key="one"), cache)
    other = CountingExtractor(key="two")
    extract_features(catalog, other, cache)
    assert other.n_extracted == 4


def test_extractor_that_breaks_its_word_is_a_mistake(opened, cache):
    extractor = CountingExtractor()
    extractor.extract = lambda images: np.ones((len(images), 3))
    with pytest.raises(ValueError, match=r"gave \(3, 3\) for 3 photos of 4 features"):
        extract_features(opened(3), extractor, cache)


def test_empty_catalogue_has_empty_features(opened, cache):
    features = extract_features(opened(0), CountingExtractor(), cache)
    assert features.raw.shape == features.vectors.shape == (0, 4)
    assert features.image_ids == ()


def test_huge_and_tiny_numbers_give_unit_vectors():
    raw = np.array([[3e30, 4e30], [3e-30, 4e-30], [0, 0]], np.float32)
    vectors = Features(raw, ("a", "b", "c"), "key").vectors
    np.testing.assert_allclose(vectors, [[0.6, 0.8], [0.6, 0.8], [0, 0]], rtol=1e-6)


def test_part_of_the_features_keeps_the_order():
    features = Features(np.arange(6, dtype=np.float32).reshape(3, 2), ("a", "b", "c"), "key")
    assert features.of(["c", "a"]).image_ids == ("a", "c")
    assert features.of(["c", "a"]).raw.tolist() == [[0, 1], [4, 5]]
    assert features.of(["a", "b", "c", "d"]) is features


def test_few_photos_are_held_in_memory_at_once(opened, cache, monkeypatch):
    """Decoding runs ahead by some batches, never by the whole catalogue."""
    from shopsim.features import decoded as module

    read, decoded, ahead = module.read_image, [], []
    monkeypatch.setattr(module, "read_image", lambda path, size: decoded.append(path) or read(path, size))
    extractor = CountingExtractor(seconds_a_batch=0.02)
    extract = extractor.extract

    def note_and_extract(images):
        ahead.append(len(decoded) - extractor.n_extracted)
        return extract(images)

    extractor.extract = note_and_extract
    extract_features(opened(80), extractor, cache)
    assert max(ahead) <= 5 * extractor.batch_size
