"""`tune`, and `group --tuned-on`, as other programs see them."""

import csv
import json
import re
import shutil
from pathlib import Path

import pytest
from cli_cases import documented
from drawn_photos import draw_models
from vector_folders import vectors_folder

from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.comparison import Comparison

N_CANDIDATES = len(auto_candidates(unnormalised=True))


@pytest.fixture(autouse=True)
def workspace(tmp_path, monkeypatch):
    """A workspace of this test's own."""
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture(scope="module")
def searches(tmp_path_factory):
    """A cache that keeps what was tried, for the tests that follow."""
    return tmp_path_factory.mktemp("searches")


@pytest.fixture(autouse=True)
def cache_of_searches(searches, monkeypatch):
    """A test finds the searches of those before it."""
    monkeypatch.setenv("SHOPSIM_CACHE", str(searches))


@pytest.fixture
def training(tmp_path):
    return vectors_folder(tmp_path / "training", n_models=24, n_photos=5, noise=0.5)


@pytest.fixture
def new(tmp_path):
    return vectors_folder(tmp_path / "new", n_models=15, n_photos=5, noise=0.5, seed=1)


def test_group_tuned_on_a_catalogue_groups_another_one_well(run, training, new, tmp_path):
    code, out, _ = run("group", new, "--tuned-on", training, "--out", tmp_path / "out", "--json")
    result = json.loads(out)
    assert code == 0
    assert result["tuned_on"] == "tuned on 'training'"
    assert result["ari"] > 0.7
    rows = list(csv.DictReader((tmp_path / "out" / "groups.csv").open(encoding="utf-8-sig")))
    assert len(rows) == 75


def test_labels_of_the_new_catalogue_change_no_group(run, training, tmp_path):
    labelled = vectors_folder(tmp_path / "labelled", n_models=15, noise=0.5, seed=1)
    plain = vectors_folder(tmp_path / "plain", n_models=15, noise=0.5, seed=1, labels=False)
    groups = []
    for folder in (labelled, plain):
        run("group", folder, "--tuned-on", training, "--out", tmp_path / f"{folder.name}-out")
        rows = csv.DictReader((tmp_path / f"{folder.name}-out" / "groups.csv").open(encoding="utf-8-sig"))
        groups.append([next(value for key, value in row.items() if "group" in key) for row in rows])
    assert groups[0] == groups[1]


def test_settings_can_be_kept_named_copied_and_used_without_the_training_photos(run, training, new, tmp_path):
    tuned = json.loads(run("tune", training, "--json")[1])
    direct = json.loads(run("group", new, "--tuned-on", training, "--out", tmp_path / "a", "--json")[1])
    copied = shutil.copytree(tuned["tuned_settings"], tmp_path / "sent" / "to-you")
    shutil.rmtree(training)
    name = tuned["tuned_settings"].rpartition("/")[2]
    for place in (name, tuned["tuned_settings"], copied, copied / "settings.json"):
        result = json.loads(run("group", new, "--tuned-on", place, "--out", tmp_path / "b", "--json")[1])
        assert result["sentence"] == tuned["sentence"]
        assert result["ari"] == pytest.approx(direct["ari"], abs=0.1)


def test_tune_tells_what_it_tried_best_first_with_the_gap(run, training):
    code, out, _ = run("tune", training)
    scores = [float(found) for found in re.findall(r"^  (\d\.\d{4})  [+-]", out, re.MULTILINE)]
    assert code == 0
    assert len(scores) == N_CANDIDATES
    assert scores == sorted(scores, reverse=True)
    assert "ahead of the runner-up" in out
    assert re.search(r"--tuned-on '.*/training-own_vectors-\w{8}' --out DIR", out)


def test_the_table_of_what_was_tried_has_headings(run, training):
    lines = run("tune", training, "--budget", "1e-9")[1].splitlines()
    heading = lines.index("     ARI  to best      time  tried")
    best, *others = lines[heading + 1 : heading + 1 + N_CANDIDATES]
    assert re.fullmatch(r"  \d\.\d{4}  \+0\.0000  [ \d]{4}\.\d s  \S.*", best)
    assert all(line.startswith(f"  {'not tried':25}  ") for line in others)


def test_a_spent_budget_leaves_the_rest_untried_and_says_so(run, training, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "where nothing was tried"))
    result = json.loads(run("tune", training, "--budget", "1e-9", "--json")[1])
    assert [trial["score"] is None for trial in result["trials"]] == [False] + [True] * (N_CANDIDATES - 1)


def test_held_out_scores_are_recorded_with_their_interval(run, training):
    result = json.loads(run("tune", training, "--held-out", "--json")[1])
    kept = json.loads(Path(result["tuned_settings"], "settings.json").read_text(encoding="utf-8"))
    found = result["held_out"]
    assert found["low"] <= found["held_out"] <= found["high"]
    assert kept["scores"] == found | {"validation": result["validation_ari"]}


def test_auto_is_compared_with_the_setting_that_group_has_by_default(run, training):
    code, out, err = run("tune", training, "--json")
    result = json.loads(out)
    compared = result["comparison"]
    assert code == 0
    assert compared["setting"] == "own_vectors, whitened, average"
    assert compared["auto"] == result["held_out"]["held_out"]
    assert compared["baseline"] == result["held_out"]["baseline"]
    assert result["verdict"].startswith("Auto wins: " if compared["wins"] else "The setting stays as it is, because ")
    assert "These are few to tune on: 24 models of two or more photos and 120 photos" in err


def test_where_auto_does_not_win_the_last_line_says_how_to_group_as_before(run, training, monkeypatch):
    monkeypatch.setattr(Comparison, "wins", False)
    code, out, _ = run("tune", training)
    assert code == 0
    assert "For the setting as it is: group NEW --extractor own_vectors --out DIR." in out.splitlines()[-1]


def test_companions_are_named_or_none(run, tmp_path):
    photos = draw_models(tmp_path / "photos", 6, name="{model}/{number}.png")
    tuned = ("tune", photos, "--extractor", "color_shape", "--budget", "1e-9", "--json")
    for options, added in (((), ["image_signature"]), (("--alone",), [])):
        assert json.loads(run(*tuned, *options)[1])["added_extractors"] == added
    for names, reason in (
        ("no_such", "Unknown extractor 'no_such'"),
        ("color_shape", "is the main extractor"),
        ("tfhub", "must be told"),
    ):
        code, _, err = run(*tuned, "--companions", names)
        assert (code, reason in err) == (2, True)
        assert "Extracting" not in err


def test_every_json_field_is_documented(run, training, new, tmp_path):
    tuned = json.loads(run("tune", training, "--json")[1])
    grouped = json.loads(run("group", new, "--tuned-on", training, "--out", tmp_path, "--json")[1])
    named = {*tuned, *grouped, *tuned["trials"][0]}
    assert not named - documented()


def test_without_enough_labels_nothing_is_tuned_and_the_sentence_says_why(run, new, tmp_path):
    plain = vectors_folder(tmp_path / "plain", labels=False)
    few = vectors_folder(tmp_path / "few", n_models=5)
    for folder, reason in ((plain, "no true labels"), (few, "5 models with two or more photos")):
        code, _, err = run("group", new, "--tuned-on", folder, "--out", tmp_path / "out")
        assert code == 1
        assert reason in err.splitlines()[-1]
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "options, reason",
    [
        (["--space", "raw"], "--space cannot be given with --tuned-on"),
        (["--strict"], "--strict cannot be given"),
        (["--threshold", "best"], "would tune on the photos"),
        (["--budget", "0"], "is no number of minutes"),
    ],
)
def test_what_contradicts_tuned_settings_is_refused(run, training, new, tmp_path, options, reason):
    code, _, err = run("group", new, "--tuned-on", training, "--out", tmp_path, *options)
    assert (code, reason in err) == (2, True)


def test_models_of_another_size_can_be_told(run, training, tmp_path):
    pairs = vectors_folder(tmp_path / "pairs", n_models=60, n_photos=2, noise=0.4, seed=2)
    grouped = {}
    for options in ((), ("--expect-photos", "2")):
        out = run("group", pairs, "--tuned-on", training, "--out", tmp_path / "out", "--json", *options)[1]
        grouped[options] = json.loads(out)
    told = grouped["--expect-photos", "2"]
    assert told["tuned_on"] == "tuned on 'training', for models of 2 photos"
    assert told["ari"] > grouped[()]["ari"]


def test_a_held_out_score_is_kept_when_the_same_is_tuned_again(run, training):
    first = json.loads(run("tune", training, "--held-out", "--json")[1])
    again = json.loads(run("tune", training, "--json")[1])
    assert again["tuned_settings"] == first["tuned_settings"]
    kept = json.loads(Path(again["tuned_settings"], "settings.json").read_text(encoding="utf-8"))
    assert kept["scores"]["held_out"] == first["held_out"]["held_out"]


def test_vectors_of_another_length_are_refused_in_one_sentence(run, training, new, tmp_path):
    tuned = json.loads(run("tune", training, "--json")[1])["tuned_settings"]
    other = vectors_folder(tmp_path / "other", n_features=9)
    code, _, err = run("group", other, "--tuned-on", tuned, "--out", tmp_path / "out")
    assert code == 1
    assert "another length" in err.splitlines()[-1]


def test_a_place_that_holds_neither_settings_nor_photos_is_named(run, new, tmp_path):
    code, _, err = run("group", new, "--tuned-on", tmp_path / "nothing", "--out", tmp_path / "out")
    assert code == 1
    assert "nothing' is not a folder" in err.splitlines()[-1]
