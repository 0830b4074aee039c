"""`benchmark` as other programs see it: one line per catalogue, a table for people, a sentence for what cannot be."""

import contextlib
import io
import json

import numpy as np
import pytest
from cli_cases import documented
from drawn_photos import draw_models
from vector_folders import vectors_folder

from shopsim.cli.main import main
from shopsim.scoring.folds import model_folds

ASKED_FOR = {"catalog", "extractor", "baseline_ari", "ari", "interval", "error_ratio"}
ASKED_FOR |= {"tuned_ari", "precision", "recall", "f1", "folds", "how", "seed"}


@pytest.fixture
def run(run):
    """Runs the command in this process: (exit code, stdout, stderr)."""
    return lambda *arguments: run("benchmark", *arguments)


@pytest.fixture(scope="module")
def one(tmp_path_factory):
    return vectors_folder(tmp_path_factory.mktemp("benchmark") / "one")


@pytest.fixture(scope="module")
def other(tmp_path_factory):
    return vectors_folder(tmp_path_factory.mktemp("benchmark") / "other", n_models=15, seed=1)


@pytest.fixture(scope="module")
def results(one, other, tmp_path_factory):
    """The lines about both with --json, computed once."""
    with pytest.MonkeyPatch.context() as patched, contextlib.redirect_stdout(io.StringIO()) as out:
        for name in ("SHOPSIM_CACHE", "SHOPSIM_HOME"):
            patched.setenv(name, str(tmp_path_factory.mktemp(name)))
        assert main(["benchmark", str(one), str(other), "--json"]) == 0
    return [json.loads(line) for line in out.getvalue().splitlines()]


def test_json_is_one_line_a_catalogue_with_everything_asked_for(results):
    assert [result["catalog"] for result in results] == ["one", "other"]
    for result in results:
        assert result.keys() >= ASKED_FOR
        assert (result["command"], result["extractor"], result["seed"]) == ("benchmark", "own_vectors", 0)
        low, high = result["interval"]
        assert low <= result["ari"] <= high
        assert result["error_ratio"] == pytest.approx((1 - result["ari"]) / (1 - result["baseline_ari"]))


def test_what_cannot_be_learnt_is_told_before_photos_are_prepared(run, tmp_path, one, draw_photo, monkeypatch):
    monkeypatch.setattr("shopsim.cli.benchmark.extract", lambda *given: pytest.fail("extracted"))
    for photo in range(3):
        draw_photo(tmp_path / "plain" / f"{photo}.png", (90, 10, 10), photo)
    code, _, err = run(tmp_path / "plain", "--extractor", "mobilenet_v2", "--learn", "network")
    assert (code, "has no true labels" in err) == (1, True)
    code, _, err = run(one, "--learn", "network")
    assert (code, "'own_vectors' is no network" in err) == (1, True)


def test_every_json_field_is_documented(results):
    result = results[0]
    named = {*result, *result["folds"][0], *result["folds"][0]["recipe"]}
    assert not named - documented()


def test_each_fold_tells_its_scores_and_what_was_chosen(results):
    result = results[1]
    assert len(result["folds"]) == 5
    assert sum(fold["n_images"] for fold in result["folds"]) == result["n_images"] == 60
    for name in ("ari", "baseline_ari", "tuned_ari", "precision", "recall", "f1"):
        assert result[name] == pytest.approx(np.mean([fold[name] for fold in result["folds"]]))
    assert {"space", "clusterer"} <= result["folds"][0]["recipe"].keys()
    assert -1 <= result["folds"][0]["threshold"] <= 1


def test_folds_and_seed_are_taken(run, other):
    result = json.loads(run(other, "--json", "--folds", "3", "--seed", "7")[1])
    sizes = [len(fold.held_out) for fold in model_folds(np.repeat(np.arange(15), 4), 3, seed=7)]
    assert [fold["n_images"] for fold in result["folds"]] == sizes
    assert (result["how"], result["seed"]) == ("3 folds of models", 7)


def test_the_same_command_gives_the_same_line(run, one, results):
    first, again = dict(results[0]), json.loads(run(one, "--json")[1])
    assert first.pop("seconds") and again.pop("seconds")
    assert first == again


def test_text_is_an_aligned_table_and_what_was_tuned_on_what(run, one, other):
    code, out, _ = run(one, other)
    lines = out.splitlines()
    assert code == 0
    assert lines[0].startswith("catalogue")
    assert [line.split()[0] for line in lines[1:3]] == ["one", "other"]
    assert len({len(line) for line in lines[:3]}) == 1
    assert "one: 8 folds of models." in lines
    assert "tuning models" in lines[-1] and "held-out models" in lines[-1]


def test_a_perfect_baseline_has_no_error_ratio(run, tmp_path):
    folder = vectors_folder(tmp_path / "easy", n_models=8, noise=0.01)
    assert json.loads(run(folder, "--json")[1])["error_ratio"] is None
    assert run(folder)[1].splitlines()[1].endswith(" -")


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_what_cannot_be_held_out_gets_its_sentence_and_the_others_are_reported(run, tmp_path, options):
    one, other = (vectors_folder(tmp_path / name, n_models=6) for name in ("one", "other"))
    few = vectors_folder(tmp_path / "few", n_models=4)
    unlabelled = vectors_folder(tmp_path / "unlabelled", labels=False)
    code, out, err = run(few, one, unlabelled, tmp_path / "nowhere", other, *options)
    assert code == 1
    assert "one" in out and "other" in out and "few" not in out
    sentences = err.strip().splitlines()[-3:]
    assert "'few' cannot be held out: Models with two or more photos: 4;" in sentences[0]
    assert "'unlabelled' has no true labels" in sentences[1]
    assert "nowhere" in sentences[2]


def test_nothing_that_can_be_held_out_leaves_stdout_empty(run, tmp_path):
    code, out, err = run(vectors_folder(tmp_path / "few", n_models=4), "--json")
    assert (code, out) == (1, "")
    assert "at least 6" in err


def test_an_extractor_looks_at_the_photos(run, tmp_path, fake_extractor):
    photos = draw_models(tmp_path / "photos", 6, n_photos=3)
    code, out, _ = run(photos, "--extractor", "fake", "--json")
    result = json.loads(out)
    assert (code, result["extractor"], result["n_images"], result["n_models"]) == (0, "fake", 18, 6)
    assert result["how"] == "6 folds of models"


@pytest.mark.parametrize(
    "options",
    [("--folds", "1"), ("--folds", "2.5"), ("--seed", "-1"), ("--extractor", "nothing"), ("--size", "224")],
)
def test_wrong_usage_is_told_before_any_work(run, one, options):
    code, out, _ = run(one, *options)
    assert (code, out) == (2, "")


def test_no_folder_is_wrong_usage(run):
    assert run()[0] == 2
