"""The leaderboard without a browser."""

import csv
import json

import pytest
from drawn_photos import draw_models
from mixed_folders import BLUE, GREEN, RED

from shopsim.cli.main import main

pytestmark = pytest.mark.usefixtures("fake_extractor")
CHOSEN = ["--extractors", "fake", "--spaces", "raw", "--clusterers", "average,complete"]


@pytest.fixture
def folder(tmp_path):
    """Eight models of three photos in three colours."""
    return draw_models(tmp_path / "many", 8, n_photos=3, colours=(RED, GREEN, BLUE))


def test_every_setting_and_baseline_is_a_row_the_best_first(folder, capsys):
    assert main(["compare", str(folder), *CHOSEN, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    rows = told["rows"]
    assert {row["clusterer"] for row in rows} == {"average", "complete", None}
    assert len(rows) == 7, "two settings, Auto, the contest baseline, three made without looking"
    assert [row["ari"] for row in rows] == sorted((row["ari"] for row in rows), reverse=True)
    assert told["command"] == "compare"


def test_the_table_is_written_too(folder, tmp_path, capsys):
    assert main(["compare", str(folder), *CHOSEN, "--out", str(tmp_path / "out")]) == 0
    lines = capsys.readouterr().out.splitlines()
    with (tmp_path / "out" / "leaderboard.csv").open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == len(lines) - 1 == 7
    assert "Average linkage" in "\n".join(lines)


def test_an_unknown_name_is_wrong_usage(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(folder), "--spaces", "raw,nonsense"])
    assert ended.value.code == 2
    assert "Unknown space 'nonsense'" in capsys.readouterr().err


def test_each_setting_is_scored_with_and_without_a_second_extractor(folder, run_json):
    told = run_json("compare", folder, *CHOSEN, "--add", "color_shape", "--share", "0.4")
    settings = [row for row in told["rows"] if row["clusterer"] is not None]
    assert len(settings) == 4
    with_it = [row for row in settings if "added" in row]
    assert {(row["added"], row["share"]) for row in with_it} == {("color_shape", 0.4)}
    assert {row["clusterer"] for row in with_it} == {"average", "complete"}
    assert all(row["ari"] is not None for row in settings)


def test_an_extractor_is_not_added_to_itself(folder, capsys):
    with pytest.raises(SystemExit) as ended:
        main(["compare", str(folder), *CHOSEN, "--add", "fake"])
    assert ended.value.code == 2
    assert "--add is fake, which cannot be added to fake." in capsys.readouterr().err
