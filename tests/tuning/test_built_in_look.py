"""What the built-in settings say of a catalogue is kept, and opens the catalogue if nothing is known better."""

import numpy as np
import pytest
from built_in_cases import forget_built_in, share_built_in

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.companions import companion_features
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.grouping import GUESSED
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.built_in import look, statistics
from shopsim.tuning.built_in.expected import Estimate, ExpectedCurve
from shopsim.tuning.built_in.kept_blind import KIND, load_blind, save_blind
from shopsim.tuning.built_in.look import (
    blind_of,
    expected_pairs_of,
    look_without_labels,
    open_unlabelled,
    why_not_fitted,
)
from shopsim.tuning.built_in.opening import BUILT_IN, Blind


@pytest.fixture
def cache(tmp_path, monkeypatch, fake_extractor):
    share_built_in(tmp_path / "built-in", monkeypatch)
    yield tmp_path / "cache"
    forget_built_in()


@pytest.fixture
def fitted(tmp_path, draw_photo, cache):
    """Twelve photos of three colours, without models."""
    colours = ((200, 60, 40), (40, 60, 200), (60, 180, 60))
    for number in range(12):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", colours[number % 3], number)
    return fitted_of(tmp_path / "plain", cache)


def fitted_of(folder, cache, recipe=Recipe()):  # noqa: B008
    catalog = load_catalog(folder)
    return fit(catalog, features_of(catalog, "fake", {}, cache), recipe, Store(cache))


def opened(fitted, cache):
    return open_unlabelled("fake", Recipe(), fitted, cache)


def test_photos_without_labels_open_by_the_built_in_settings(fitted, cache):
    unlabelled = opened(fitted, cache)
    blind = blind_of(unlabelled)
    assert unlabelled.opening == (max(blind.threshold, fitted.control.low), BUILT_IN)
    assert unlabelled.key == fitted.key
    assert unlabelled.why_not == ""


def test_the_wrong_pairs_to_expect_are_computed_once_per_tree(fitted, cache, monkeypatch):
    unlabelled = opened(fitted, cache)
    assert expected_pairs_of(fitted) is None
    first = expected_pairs_of(unlabelled)
    assert first.is_estimate
    monkeypatch.setattr(look, "pairs_to_expect", None)
    assert expected_pairs_of(unlabelled) is first


def test_the_second_look_computes_nothing(fitted, cache, monkeypatch):
    first = look_without_labels("fake", Recipe(), fitted, cache)
    monkeypatch.setattr(look, "companion_features", None)
    monkeypatch.setattr(look, "opening_without_labels", None)
    again = look_without_labels("fake", Recipe(), fitted, cache)
    assert again.threshold == first.threshold
    assert again.photos_per_model == first.photos_per_model
    for threshold in np.linspace(-0.5, 1, 7):
        assert again.expected.at(threshold) == first.expected.at(threshold)


@pytest.mark.parametrize("damage", [lambda whole: whole[:-9], lambda whole: b"", lambda whole: b"x" * len(whole)])
def test_a_damaged_entry_is_computed_again(fitted, cache, damage):
    first = look_without_labels("fake", Recipe(), fitted, cache)
    (kept,) = (cache / KIND).iterdir()
    kept.write_bytes(damage(kept.read_bytes()))
    assert look_without_labels("fake", Recipe(), fitted, cache).threshold == first.threshold
    assert len(list((cache / KIND).iterdir())) == 1


def test_the_companion_sees_only_the_photos_that_are_looked_at(fitted, cache, monkeypatch):
    asked = []

    def features_of_few(catalog, features, *rest, **more):
        asked.append(features.image_ids)
        return companion_features(catalog, features, *rest, **more)

    whole = look_without_labels("fake", Recipe(), fitted, cache)
    forget_what_is_kept(cache)
    monkeypatch.setattr(look, "companion_features", features_of_few)
    monkeypatch.setattr(statistics, "sample_of", lambda tree, seed: np.arange(0, tree.n_images, 2))
    part = look_without_labels("fake", Recipe(), fitted, cache)
    assert asked == [fitted.features.image_ids[::2]]
    assert part.expected.n_groups.tolist() == whole.expected.n_groups.tolist()


def forget_what_is_kept(cache):
    for kept in (cache / KIND).iterdir():
        kept.unlink()


def some_blind():
    scores = np.array([[0.5, 0.4, 0.6], [0.7, 0.6, 0.9], [0.0, 0.0, 0.1]])
    curve = ExpectedCurve(np.array([1.0, 0.5, 0.1]), np.array([9, 4, 1]), scores, scores, scores)
    return Blind(0.5, Estimate(2.0, 1.0, 5.0), curve, np.array([-1.0, 3.0, 0.5]))


def test_what_is_kept_comes_back(tmp_path):
    save_blind(Store(tmp_path), "key", some_blind())
    back = load_blind(Store(tmp_path), "key", 9)
    assert back.photos_per_model == Estimate(2.0, 1.0, 5.0)
    assert back.expected.n_groups.tolist() == [9, 4, 1]
    assert back.expected.at(0.5).recall == Estimate(0.7, 0.6, 0.9)
    assert back.quality.tolist() == [-1.0, 3.0, 0.5]


@pytest.mark.parametrize(
    "change",
    [
        lambda rows: rows[:1],
        lambda rows: rows[:, :9],
        lambda rows: rows.astype(np.float32),
        lambda rows: rows[::-1],
        lambda rows: rows * np.nan,
        lambda rows: np.vstack([rows[0], rows[1:] + 2]),
        lambda rows: rows.ravel(),
    ],
)
def test_an_entry_that_means_nothing_is_a_miss(tmp_path, change):
    store = Store(tmp_path)
    save_blind(store, "key", some_blind())
    store.save(KIND, "key", np.ascontiguousarray(change(store.load(KIND, "key"))))
    assert load_blind(store, "key", 9) is None


def test_an_entry_of_other_photos_is_a_miss(tmp_path):
    save_blind(Store(tmp_path), "key", some_blind())
    assert load_blind(Store(tmp_path), "key", 10) is None


def test_another_recipe_opens_by_a_guess_and_says_why(tmp_path, fitted, cache):
    recipe = Recipe(clusterer="complete")
    unlabelled = open_unlabelled("fake", recipe, fitted_of(tmp_path / "plain", cache, recipe), cache)
    assert unlabelled.blind is None
    assert "whitened and average" in unlabelled.why_not
    assert unlabelled.opening[1] == GUESSED


def test_an_extractor_without_built_in_settings_opens_by_a_guess(fitted, cache):
    assert "'own_vectors'" in why_not_fitted("own_vectors", Recipe(), fitted)
    assert open_unlabelled("own_vectors", Recipe(), fitted, cache).opening == fitted.opening


@pytest.mark.parametrize("n_photos", [2, 4])
def test_very_few_photos_open_by_a_guess(tmp_path, draw_photo, cache, n_photos):
    for number in range(n_photos):
        draw_photo(tmp_path / "few" / f"photo {number}.png", (200, 60, 40), number)
    unlabelled = opened(fitted_of(tmp_path / "few", cache), cache)
    assert "5 different photos" in unlabelled.why_not
    assert unlabelled.opening[1] == GUESSED


def test_a_look_that_fails_opens_by_a_guess_and_says_so(fitted, cache, monkeypatch):
    def refuse(*_, **__):
        raise ShopsimError("The disk is full.")

    monkeypatch.setattr(look, "companion_features", refuse)
    unlabelled = opened(fitted, cache)
    assert unlabelled.opening[1] == GUESSED
    assert unlabelled.why_not == "The built-in settings could not be used: The disk is full."
