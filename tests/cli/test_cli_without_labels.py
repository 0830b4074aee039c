"""Photos without labels are opened by the built-in settings, and the result says what scores to expect."""

import pytest
from cli_cases import sentence

from shopsim.tuning.built_in import opening
from shopsim.tuning.built_in.shipped import shipped


@pytest.fixture
def built_in(monkeypatch):
    """The extractor of the tests has the built-in settings of a real one."""
    monkeypatch.setattr(opening, "shipped", lambda extractor: shipped("efficientnet_lite0"))


def test_photos_without_labels_open_by_the_built_in_settings(group, built_in):
    result = group("--form", "plain")
    assert result["tuned_on"] == "built-in settings"
    assert 1 < result["n_groups"] < 16
    assert result["ari"] is None
    assert result["expected"].keys() == {"ari", "pair_precision", "pair_recall"}
    for found in (*result["expected"].values(), result["photos_per_model"]):
        assert found["low"] <= found["value"] <= found["high"]


def test_photos_with_labels_open_by_them_and_expect_nothing(group, built_in):
    result = group()
    assert result["tuned_on"] == "tuned on these photos"
    assert result["expected"] is result["photos_per_model"] is None


def test_the_built_in_settings_see_no_labels(group, built_in):
    labelled, unlabelled = group("--threshold", "built-in"), group("--form", "plain")
    assert labelled["threshold"] == unlabelled["threshold"]
    assert labelled["expected"] == unlabelled["expected"]
    assert labelled["tuned_on"] == "built-in settings"
    assert labelled["ari"] is not None


def test_a_threshold_by_hand_still_says_what_to_expect(group, built_in):
    low, high = (group("--form", "plain", "--threshold", text) for text in ("0.1", "0.999"))
    assert low["tuned_on"] == high["tuned_on"] == "not known"
    assert low["expected"]["pair_recall"]["value"] > high["expected"]["pair_recall"]["value"]


def test_photos_per_model_that_a_person_knows_decide(group, built_in):
    few, many = (group("--form", "plain", "--expect-photos", text) for text in ("1", "16"))
    assert few["n_groups"] > many["n_groups"]
    assert few["tuned_on"] == "a guess for models of 1 photo"


@pytest.mark.parametrize("options", [(), ("--strict",)])
def test_scores_of_groups_that_are_split_afterwards_say_so(
    options, run, tiny_catalog, fake_extractor, built_in, tmp_path
):
    folder = (tiny_catalog, "--form", "plain", "--extractor", "fake", "--out", tmp_path / "out")
    _, out, _ = run("group", *folder, *options)
    (line,) = (line for line in out.splitlines() if line.startswith("Expected without labels"))
    assert ("before --strict splits them" in line) == bool(options)


def test_an_extractor_without_built_in_settings_says_so(run, tiny_catalog, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--threshold", "built-in", "--out", tmp_path / "out")
    assert "no built-in settings for the extractor 'fake'" in sentence(run, "group", tiny_catalog, *options)


@pytest.mark.parametrize("options", [("--space", "raw"), ("--clusterer", "kmeans"), ("--add", "color_shape")])
def test_settings_that_nothing_is_built_in_for_are_refused_before_the_long_work(
    options, run, tiny_catalog, fake_extractor, built_in, tmp_path
):
    given = ("--extractor", "fake", *options, "--threshold", "built-in", "--out", tmp_path / "out")
    code, _, err = run("group", tiny_catalog, *given)
    assert code == 1
    assert "The built-in settings are for" in err
    assert "Extracting" not in err


def test_companions_take_part_in_tuning_only(run, tiny_catalog, tmp_path):
    options = ("--companions", "color_shape", "--out", tmp_path / "out")
    assert "--companions needs --tuned-on" in sentence(run, "group", tiny_catalog, *options, code=2)


def test_tuned_settings_and_built_in_settings_exclude_each_other(run, tiny_catalog, tmp_path):
    options = ("--tuned-on", tiny_catalog, "--threshold", "built-in", "--out", tmp_path / "out")
    assert "both choose the threshold" in sentence(run, "group", tiny_catalog, *options, code=2)
