"""Runs, reports, exports and matches with corrections and with the rule on a column: what was kept comes back."""

import json
import sqlite3
from contextlib import closing

import pandas as pd
import pytest
from cli_cases import documented, sentence
from column_cases import table_of_photos
from drawn_photos import draw_models
from mixed_folders import RED, mixed_folder, one_wrong, split_the_wrong_one

from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME, action
from shopsim.grouping.corrections.store import keep, undo

pytestmark = pytest.mark.usefixtures("fake_extractor")


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


@pytest.fixture
def make(run_json, tmp_path):
    """Runs a command with --out: its fields."""

    def call(command, *given, out="out"):
        how = () if "--run" in given else ("--extractor", "fake")
        return run_json(command, *given, *how, "--out", tmp_path / out)

    return call


def merge_all(folder):
    catalog = load_catalog(folder)
    undo(catalog)
    keep(catalog, action(SAME, [[image.digest] for image in catalog.images], "Minho"))


def groups_in(tmp_path, out="out"):
    return (tmp_path / out / "groups.csv").read_bytes()


def test_a_run_gives_its_groups_again_whatever_is_corrected_later(make, folder, tmp_path):
    split_the_wrong_one(folder)
    first = make("group", folder, "--corrections", "--keep", "monday")
    merge_all(folder)
    again = make("group", "--run", "monday", out="again")
    assert groups_in(tmp_path, "again") == groups_in(tmp_path)
    assert again["since"]["same_groups"]
    assert not again["same_corrections"]
    for name in ("n_groups", "ari", "n_corrections", "without_corrections", "threshold", "tuned_on"):
        assert again[name] == first[name], name
    assert {*first, *again} <= documented()


def test_a_run_says_in_one_sentence_that_other_corrections_count_now(make, run, folder, tmp_path):
    split_the_wrong_one(folder)
    make("group", folder, "--corrections", "--keep", "corrected")
    make("group", folder, "--keep", "plain")
    told = ("--out", tmp_path / "again")
    assert "Other corrections" not in run("group", "--run", "corrected", *told)[1]
    merge_all(folder)
    said = run("group", "--run", "corrected", *told)[1]
    assert "kept with 1 corrections, and its groups respect exactly these. Other corrections count now: 1." in said
    said = run("group", "--run", "plain", *told)[1]
    assert "kept without corrections, so its groups respect none of those that were made: 1." in said


def test_a_run_keeps_both_scores_and_lists_the_one_that_measures(make, run, run_json, folder):
    split_the_wrong_one(folder)
    made = make("group", folder, "--corrections", "--keep", "monday")
    (about,) = run_json("runs")["runs"]
    assert about["scores"]["ari"] == made["ari"] > made["without_corrections"]["ari"]
    assert about["without_corrections"]["ari"] == made["without_corrections"]["ari"]
    assert about["corrections"]["kinds"] == {"split": 1}
    assert about["corrections"]["people"] == {"Jisoo": 1}
    assert {*about, *about["corrections"]} <= documented()
    ari, without = made["ari"], made["without_corrections"]["ari"]
    assert f"ARI {without:.4f} without and {ari:.4f} with 1 corrections" in run("runs")[1]


def test_a_consensus_with_corrections_is_given_again(make, run_json, tmp_path):
    folder = mixed_folder(draw_models(tmp_path / "many", 12), {"odd": [RED] * 3})
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[image.digest] for image in catalog.images[:9]]))
    tuned = ("--budget", "0.02", "--alone", "--tuned-on", folder)
    first = make("group", folder, *tuned, "--corrections", "--keep", "tuned")
    assert first["n_corrections"] == 1
    assert first["n_groups"] < first["without_corrections"]["n_groups"]
    again = make("group", "--run", "tuned", out="again")
    assert again["since"]["same_groups"]
    assert groups_in(tmp_path, "again") == groups_in(tmp_path)


def test_a_run_keeps_the_rule_on_a_column(make, run_json, tmp_path):
    folder = table_of_photos(tmp_path / "photos")
    first = make("group", folder, "--never-join", "Brand", "--threshold", "0", "--keep", "brands")
    assert run_json("runs")["runs"][0]["settings"]["never_join"] == "brand"
    again = make("group", "--run", "brands", out="again")
    assert again["never_join"] == first["never_join"]
    assert groups_in(tmp_path, "again") == groups_in(tmp_path)


def test_the_report_shows_corrections_and_both_scores(make, folder, tmp_path):
    split_the_wrong_one(folder)
    made = make("report", folder, "--corrections", "--costs", "5", "1", out="report.html")
    page = (tmp_path / "report.html").read_text(encoding="utf-8")
    for words in ("People made 1 correction, which", "do not measure the method", "Jisoo (1)", "with corrections"):
        assert words in page, words
    for ari in (made["ari"], made["without_corrections"]["ari"]):
        assert f"<td>{ari:.3f}</td>" in page
    assert "A threshold is never chosen by them." in page
    assert "The least possible cost" not in page
    assert "Nobody has corrected these groups." not in page


def test_the_report_names_the_rule_on_a_column(make, tmp_path):
    folder = table_of_photos(tmp_path / "photos")
    make("report", folder, "--never-join", "brand", "--threshold", "0", out="report.html")
    assert "Never joined are photos that differ in" in (tmp_path / "report.html").read_text(encoding="utf-8")


def test_files_for_others_have_the_corrected_groups(make, folder, tmp_path):
    split_the_wrong_one(folder)
    plain, corrected = make("export", folder)["n_groups"], make("export", folder, "--corrections")["n_groups"]
    assert corrected == plain + 1
    assert pd.read_parquet(tmp_path / "out" / "groups.parquet")["group"].nunique() == corrected


def test_a_database_gets_the_corrected_groups_and_both_scores(make, folder, tmp_path):
    split_the_wrong_one(folder)
    made = make("group", folder, "--corrections", "--to", f"sqlite:///{tmp_path / 'groups.db'}")
    columns = "n_groups, ari, n_corrections, ari_without_corrections"
    with closing(sqlite3.connect(tmp_path / "groups.db")) as db:
        (row,) = db.execute(f"SELECT {columns} FROM shopsim_runs").fetchall()
        assert db.execute("SELECT count(*) FROM shopsim_groups").fetchone()[0] == made["n_groups"]
    assert row == (made["n_groups"], made["ari"], 1, made["without_corrections"]["ari"])


def test_new_photos_are_matched_with_the_groups_that_are_asked_for(run, folder, tmp_path):
    split_the_wrong_one(folder)
    new = mixed_folder(tmp_path / "new", {"later": [RED]})
    told = ("match", folder, new, "--extractor", "fake")
    assert "matched with the groups without corrections; kept are 1, which --corrections uses." in run(*told)[1]
    with_them = run(*told, "--corrections", "--json")[1]
    assert json.loads(with_them)["n_corrections"] == 1
    assert "matched with the groups with corrections." in run(*told, "--corrections")[1]


def test_matching_says_what_does_not_go_with_corrections_and_rules(run, folder, tmp_path):
    told = ("match", folder, folder, "--extractor", "fake")
    assert "the next correction does not lose them" in sentence(run, *told, "--add-photos", "--corrections", code=2)
    assert "says nothing of the new photos" in sentence(run, *told, "--regroup", "--corrections", code=2)
    assert "says nothing of the new photos" in sentence(run, *told, "--regroup", "--never-join", "brand", code=2)
    assert "whose consensus keeps no photos apart" in sentence(
        run, *told[:3], "--tuned-on", "x", "--never-join", "brand", code=2
    )


def test_matching_with_a_rule_says_that_new_photos_have_no_value(run, tmp_path):
    folder = table_of_photos(tmp_path / "photos")
    new = mixed_folder(tmp_path / "new", {"later": [RED]})
    said = run("match", folder, new, "--extractor", "fake", "--never-join", "brand")[1]
    assert "New photos have no value of 'brand', so they may join a group of any value." in said
