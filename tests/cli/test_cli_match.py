"""`match`, as other programs see it."""

import argparse
import csv
import io
import re
import shutil

import pytest
from catalog_fixtures import PROJECT
from cli_cases import documented, sentence
from drawn_photos import draw_models, draw_photo
from match_cases import BLACK, COLOURS

from shopsim.base.paths import cache_dir, home_dir
from shopsim.cli import group
from shopsim.cli import match as match_command
from shopsim.cli.match import MATCHES_NAME
from shopsim.grouping.matching.matches_csv import COLUMNS


@pytest.fixture
def folder(tmp_path):
    return draw_models(tmp_path / "old", len(COLOURS), 8, COLOURS)


@pytest.fixture
def new(tmp_path):
    draw_photo(tmp_path / "new/red.png", COLOURS[0], 901)
    draw_photo(tmp_path / "new/black.png", BLACK, 902)
    (tmp_path / "new/bad.png").write_bytes(b"no photo")
    return tmp_path / "new"


@pytest.fixture
def match(run_json, folder, new, fake_extractor):
    return lambda *more: run_json("match", folder, new, "--extractor", "fake", "--form", "folders", *more)


def test_each_new_photo_has_its_match(match, tmp_path):
    found = match("--out", tmp_path / "out")
    black, red = found["matches"]
    assert (red["image_id"], red["decision"], red["copy_of"]) == ("red.png", "joins the group", None)
    assert (black["decision"], black["group"]) == ("new model", found["n_groups"])
    assert (found["n_new_photos"], found["n_joined"], found["n_new_models"]) == (2, 1, 1)
    assert red["over_threshold"] == pytest.approx(red["likeness"] - found["join_from"])
    assert red["margin"] == pytest.approx(red["likeness"] - red["runner_up_likeness"])
    assert len(red["nearest"]) == len(red["nearest_similarity"]) == 5
    assert 0 < black["probability"] < red["probability"] < 1
    assert [problem["name"] for problem in found["problems"]] == ["bad.png"]
    assert {*found, *red} <= documented()
    rows = list(csv.reader(io.StringIO((tmp_path / "out" / MATCHES_NAME).read_text("utf-8-sig"))))
    assert tuple(rows[0]) == COLUMNS
    assert rows[2][:3] == ["red.png", "joins the group", str(red["group"])]
    closest = rows[0].index("closest")
    assert [row[closest] for row in rows[1:]] == [str(black["closest"]), str(red["closest"])]
    assert black["closest"] != black["group"]
    groups = list(csv.DictReader(io.StringIO((tmp_path / "out/groups.csv").read_text("utf-8-sig"))))
    assert len(groups) == 82
    assert {each["group"] for each in groups if each["image_id"] == "red.png"} == {str(red["group"])}


def test_the_mean_must_reach_the_threshold_of_the_groups(match):
    found = match("--join-by", "mean", "--threshold", "0.999")
    assert (found["join_by"], found["join_from"]) == ("mean", 0.999)
    assert found["n_new_model_photos"] == 2


def test_photos_are_added_for_good(match):
    added = match("--add-photos")
    assert (added["is_added"], added["n_added"]) == (True, 2)
    again = match()
    assert (again["is_added"], again["n_added"]) == (False, None)
    assert (again["n_added_before"], again["n_byte_equal"], again["n_new_models"]) == (2, 2, 0)
    assert {each["decision"] for each in again["matches"]} == {"a copy"}
    assert again["n_images"] == 80


def test_the_number_of_photos_that_were_added_is_said(run, folder, new, fake_extractor):
    command = ("match", folder, new, "--extractor", "fake", "--form", "folders", "--add-photos")
    told = "Photos added to the groups for good: {n}; the catalogue's folder is as it was."
    assert told.format(n=2) in run(*command)[1]
    assert told.format(n=0) in run(*command)[1]


def test_the_documents_name_the_options_of_group_that_are_missing():
    missing = options_of(group) - options_of(match_command)
    text = (PROJECT / "docs/command-line.md").read_text("utf-8")
    sentence = re.search(r"It takes the options of\s`group` except (.*?)\.\n", text)[1]
    assert set(re.findall(r"`(--[\w-]+)`", sentence)) == missing - {"--corrections"}


def options_of(command):
    parser = argparse.ArgumentParser()
    command.add_arguments(parser)
    return {option for action in parser._actions for option in action.option_strings}


def test_an_added_photo_that_is_gone_is_a_problem(match, new):
    match("--add-photos")
    for copy in home_dir().glob("added/*/photos/*"):
        copy.unlink()
    for path in (cache_dir() / "features").iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()
    for path in new.iterdir():
        path.unlink()
    draw_photo(new / "grey.png", (128, 128, 128), 903)
    found = match()
    assert [problem["name"] for problem in found["problems"]] == ["black.png", "red.png"]
    assert (found["n_added_before"], found["matches"][0]["group"]) == (0, found["n_groups"] + 1)


def test_grouping_from_scratch_says_what_changes(match, run, folder, new):
    found = match("--regroup")["regrouped"]
    assert set(found) == {"same", "grew", "shrank", "split", "merged", "new", "gone", "moved", "threshold"}
    assert {*found} <= documented()
    code, out, _ = run("match", folder, new, "--extractor", "fake", "--form", "folders", "--regroup")
    assert code == 0
    assert "Grouped from scratch" in out
    assert out.count("red.png") == 1


@pytest.mark.parametrize("companions", [("--alone",), ("--companions", "color_shape")])
def test_settings_tuned_elsewhere_take_new_photos(run_json, folder, new, tmp_path, fake_extractor, companions):
    training = draw_models(tmp_path / "training", 12, 5, 3)
    how = ("--extractor", "fake", *companions)
    tuned = run_json("tune", training, *how, "--budget", "0.05")["tuned_settings"]
    own = folder / "m03/13.png"
    found = run_json("match", folder, new, own, "--form", "folders", "--tuned-on", tuned, "--regroup")
    assert found["measure"] == "agreement"
    assert found["join_from_chosen_on"].startswith("a test that hid whole models")
    copy, black, red = found["matches"]
    assert (copy["copy_of"], copy["nearest"][0]) == ("m03/13.png", "m03/13.png")
    # A photo of the catalogue lands where it is.
    assert copy["nearest_similarity"][0] == pytest.approx(1, abs=1e-4)
    assert red["nearest"][0].startswith("m00/")
    assert black["likeness"] < red["likeness"]


def test_new_photos_that_are_not_there_are_said(run, folder, fake_extractor, tmp_path):
    assert "does not exist" in sentence(run, "match", folder, tmp_path / "nowhere", "--extractor", "fake")


def test_a_catalogue_of_vectors_takes_vectors(run_json, run, tmp_path):
    import numpy as np
    from vectors import clustered_rows

    for name, rows in (("old", clustered_rows(60)), ("new", clustered_rows(60)[:3]), ("short", clustered_rows(3, 8))):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "features.npy", rows)
        (tmp_path / name / "img_paths.txt").write_text("".join(f"{name}{row:02}.jpg\n" for row in range(len(rows))))
    found = run_json("match", tmp_path / "old", tmp_path / "new/features.npy", "--space", "raw")
    assert [each["nearest"][0] for each in found["matches"]] == ["old00.jpg", "old01.jpg", "old02.jpg"]
    assert "must come from the same extractor" in sentence(run, "match", tmp_path / "old", tmp_path / "short")
    for option in ("--add-photos", "--regroup"):
        assert "own vectors" in sentence(run, "match", tmp_path / "old", tmp_path / "new", option)
