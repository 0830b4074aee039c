"""Tuning on one catalogue for others: what is refused, and what is recorded."""

import pytest
from kept_cases import write_card
from tuned_cases import photos, tuned_once, tuned_settings

from shopsim import ShopsimError
from shopsim.tuning.tune import tune


@pytest.mark.parametrize(
    "catalog, reason",
    [(photos(labels=False), "no true labels"), (photos(n_models=5), "5 models with two or more"),
     (photos(n_models=40, n_photos=1), "0 models with two or more")],
    ids=["unlabelled", "few models", "single photos"],
)  # fmt: skip
def test_what_cannot_be_tuned_on_is_refused_by_name(catalog, reason):
    with pytest.raises(ShopsimError, match=f"'many' .*{reason}"):
        tune(*catalog, "fake", {}, {})


def test_a_network_that_knows_the_models_is_not_tuned():
    catalog, features = photos()
    write_card(features=features.key, photos=[image.digest[:16] for image in catalog.images[:5]])
    with pytest.raises(ShopsimError, match=r"The network 'shoes-1' was trained on .* of these 100 photos"):
        tune(catalog, features, "fake", {}, {})


def test_the_settings_record_what_they_were_tuned_on_and_tried():
    settings = tuned_settings(added=True)
    assert [(use.name, use.n_features) for use in settings.extractors] == [("fake", 16), ("other", 6)]
    assert (settings.tuned_on.n_images, settings.tuned_on.n_models, len(settings.tuned_on.photos)) == (100, 20, 100)
    assert settings.scores["validation"] == settings.trials[0]["score"]
    scores = [trial["score"] for trial in settings.trials]
    assert scores == sorted(scores, reverse=True)
    assert settings.calibration.probability(0.9) > settings.calibration.probability(0.1)


def test_what_is_cut_at_one_value_is_recorded_with_it_and_nothing_else():
    (leiden,) = (trial for trial in tuned_once("first").trials if trial["what"] == "fake, raw, leiden")
    assert 0 < leiden["threshold"] <= 1
    assert (leiden["size_power"], leiden["prior_weight"]) == (None, None)


def test_what_was_untried_is_recorded_without_a_score():
    catalog, features = photos()
    settings = tune(catalog, features, "fake", {}, {}, seconds=0)
    assert [trial["score"] is None for trial in settings.trials] == [False] + [True] * (len(settings.trials) - 1)


def test_the_same_photos_and_seed_tune_the_same():
    assert tuned_settings("first").digest == tuned_once("first").digest


def test_validation_folds_are_as_large_as_what_will_be_grouped():
    catalog, features = photos(n_models=40)
    assert tune(catalog, features, "fake", {}, {}, n_to_group=100).n_validation == pytest.approx(100, abs=5)
    assert tune(catalog, features, "fake", {}, {}).n_validation == pytest.approx(100, abs=5)
    assert tune(catalog, features, "fake", {}, {}, n_to_group=40).n_validation == pytest.approx(40, abs=5)
