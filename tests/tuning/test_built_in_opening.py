"""A tree of photos without labels is opened by the built-in settings, whatever the photos are."""

import numpy as np
import pytest

from shopsim.base.rows import unit_rows
from shopsim.clusterers import clusterers
from shopsim.grouping.companions import light_companion_of
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.evaluation import evaluate
from shopsim.spaces import spaces
from shopsim.tuning.built_in.cuts import N_CUTS, Cuts
from shopsim.tuning.built_in.opening import opening_without_labels, why_not
from shopsim.tuning.built_in.shipped import SCORES, shipped
from shopsim.tuning.built_in.statistics import NAMES

EXTRACTOR = "efficientnet_lite0"


def photos(sizes, noise=0.6, seed=0, n_features=64):
    """Features of two extractors that see the same models with errors of their own, and the models."""
    rng = np.random.default_rng(seed)
    labels_true = np.repeat(np.arange(len(sizes)), sizes)

    def seen():
        models = rng.normal(size=(len(sizes), n_features))
        return unit_rows(models[labels_true] + noise * rng.normal(size=(len(labels_true), n_features)))

    return seen(), seen(), labels_true


def opened(features, second, extractor=EXTRACTOR):
    recipe = Recipe()
    vectors = spaces.create(recipe.space).fit(features).transform(features)
    tree = clusterers.create(recipe.clusterer).fit(vectors)
    return opening_without_labels(extractor, recipe, tree, vectors, features, second), tree


@pytest.fixture(scope="module")
def clear():
    features, second, labels_true = photos([8] * 25)
    blind, tree = opened(features, second)
    return blind, tree, labels_true


def test_models_that_stand_apart_are_found(clear):
    blind, tree, labels_true = clear
    assert evaluate(labels_true, tree.cut(blind.threshold)).ari > 0.95


def test_photos_per_model_lie_in_the_range(clear):
    size = clear[0].photos_per_model
    assert 1 <= size.low <= size.value <= size.high
    assert size.low <= 8 <= size.high


def test_expected_scores_lie_in_their_range_and_between_0_and_1(clear):
    blind = clear[0]
    for threshold in np.linspace(-1, 1.1, 43):
        scores = blind.expected.at(threshold)
        for score in (scores.ari, scores.precision, scores.recall):
            assert 0 <= score.low <= score.value <= score.high <= 1
    assert len(blind.expected.threshold) <= N_CUTS


def test_the_opening_threshold_is_where_the_expected_ari_is_high(clear):
    blind = clear[0]
    at_opening = blind.expected.at(blind.threshold).ari.value
    assert at_opening > blind.expected.ari[:, 0].max() - 0.1


def test_more_photos_per_model_give_no_more_groups(clear):
    blind, tree, _ = clear
    counts = [tree.n_groups(blind.at_photos_per_model(size)) for size in (1, 2, 4, 8, 16, 50, 200, 1e6)]
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[-1]


def test_the_same_photos_give_the_same_opening(clear):
    features, second, _ = photos([8] * 25)
    again, _ = opened(features, second)
    assert again.threshold == clear[0].threshold
    np.testing.assert_array_equal(again.expected.ari, clear[0].expected.ari)


@pytest.mark.parametrize(
    "sizes", [[1] * 5, [5], [1] * 60, [60], [2] * 3, [40, 1, 1, 1], [2] * 30, [3, 5, 1, 1, 1, 1, 20]]
)
def test_any_sizes_are_opened(sizes):
    features, second, _ = photos(sizes)
    blind, tree = opened(features, second)
    assert 1 <= tree.n_groups(blind.threshold) <= len(features)
    assert 1 <= blind.photos_per_model.value <= len(features)


def test_byte_equal_photos_are_no_trouble():
    features, second, _ = photos([3] * 12)
    blind, tree = opened(np.repeat(features, 2, axis=0), np.repeat(second, 2, axis=0))
    assert tree.n_groups(blind.threshold) <= 36


def test_a_photo_that_the_companion_cannot_read_is_no_trouble():
    features, second, _ = photos([4] * 12)
    second[:3] = 0
    assert opened(features, second)[0] is not None


def test_photos_of_which_all_are_equal_have_no_opening():
    features = np.repeat(photos([1])[0], 30, axis=0)
    blind, tree = opened(features, features)
    assert blind is None
    assert "5 different photos" in why_not(EXTRACTOR, Recipe(), tree, features)


def test_two_photos_have_no_opening():
    features, second, _ = photos([1, 1])
    assert opened(features, second)[0] is None


def test_other_extractors_and_recipes_are_told_why_not():
    features, second, _ = photos([4] * 5)
    blind, tree = opened(features, second, "own_vectors")
    assert blind is None
    assert "'own_vectors'" in why_not("own_vectors", Recipe(), tree, features)
    assert "whitened and average" in why_not(EXTRACTOR, Recipe(clusterer="single"), tree, features)
    assert why_not(EXTRACTOR, Recipe(), tree, features) == ""


def test_cuts_reach_from_all_alone_to_one_group():
    features, _, _ = photos([4] * 30)
    cuts = Cuts.of(clusterers.create("average").fit(features))
    assert cuts.n_groups[0] == 120
    assert cuts.n_groups[-1] == 1
    assert (np.diff(cuts.n_groups) < 0).all()
    assert [len(np.unique(groups)) for groups in cuts.labels()] == cuts.n_groups.tolist()


def test_large_catalogues_are_looked_at_in_whole_branches():
    features, second, labels_true = photos([30] * 60, noise=0.4)
    blind, tree = opened(features, second)
    assert evaluate(labels_true, tree.cut(blind.threshold)).ari > 0.8


@pytest.mark.parametrize("extractor", ["efficientnet_lite0", "mobilenet_v2", "color_shape"])
def test_a_shipped_model_takes_numbers_that_are_measured_and_says_how_it_was_made(extractor):
    model = shipped(extractor)
    assert set(model.columns) <= set(NAMES)
    assert model.forest.feature.max() < len(model.columns)
    assert model.forest.value.shape[1] == len(SCORES)
    assert model.card["companion"] == light_companion_of(extractor)
    assert {"demo", "grocery", "lego_minifigs", "shoe_pairs"} <= model.card["photos"].keys()
    assert model.card["extractor"] == extractor
    assert model.card["made_by"] == "scripts/built_in_settings.py"


@pytest.mark.parametrize("extractor", ["efficientnet_lite0", "mobilenet_v2", "color_shape"])
def test_a_range_held_as_often_as_the_pages_say(extractor):
    """On families of photos that it was not measured on, as the script found when it made the card."""
    coverage = shipped(extractor).card["coverage"]
    assert coverage.keys() == {*SCORES, "photos_per_model"}
    assert all(np.mean(list(families.values())) >= 0.8 for families in coverage.values())
