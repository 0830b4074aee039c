"""`corrections` and `group --corrections`: listed, written, taken over, used only when asked for."""

import json

import pytest
from cli_cases import documented, written
from mixed_folders import one_wrong, split_the_wrong_one

from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.corrections.action import SAME
from shopsim.grouping.corrections.store import read_actions, read_all_actions

pytestmark = pytest.mark.usefixtures("fake_extractor")


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def test_corrections_are_listed_and_every_json_field_is_documented(run, folder):
    split_the_wrong_one(folder)
    code, out, _ = run("corrections", folder)
    assert code == 0
    assert "corrections kept: 1." in out
    assert "Split off from a group. Photos: 1 of 5 (Jisoo, " in out
    fields = json.loads(run("corrections", folder, "--json")[1])
    assert {*fields, *fields["corrections"][0]} <= documented()


def test_a_file_goes_to_another_workspace_once(run, folder, tmp_path, monkeypatch):
    split_the_wrong_one(folder)
    assert run("corrections", folder, "--export", tmp_path / "said.csv")[0] == 0
    kept = read_actions(load_catalog(folder))
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "another"))
    assert read_actions(load_catalog(folder)) == ()
    for n_new in (1, 0):
        fields = json.loads(run("corrections", folder, "--import", tmp_path / "said.csv", "--json")[1])
        assert fields["n_imported"] == n_new
    assert read_actions(load_catalog(folder)) == kept


def test_corrections_of_photos_elsewhere_are_kept_once_and_counted(run, folder, tmp_path):
    rows = "".join(f"1,same,1,{number:032x}\n" for number in (1, 2))
    said = written(tmp_path / "said.csv", f"correction,kind,part,photo\n{rows}")
    for n_new in (1, 0):
        fields = json.loads(run("corrections", folder, "--import", said, "--json")[1])
        assert (fields["n_imported"], fields["n_elsewhere"], fields["n_corrections"]) == (n_new, 1, 0)
        assert set(fields) <= documented()
    assert len(read_all_actions()) == 1
    assert "of which this catalogue has no photo: 1." in run("corrections", folder, "--import", said)[1]


def test_a_file_with_a_bad_row_changes_nothing(run, folder, tmp_path):
    text = "correction,kind,part,image_id\n1,same,1,red/red-1.png\n1,same,1,red/red-2.png\n2,same,1,nowhere.png\n"
    code, _, said = run("corrections", folder, "--import", written(tmp_path / "bad.csv", text))
    assert code == 1
    assert "Row 4 of 'bad.csv': the photo 'nowhere.png' is not in the catalogue" in said
    assert "Nothing was imported." in said
    assert read_actions(load_catalog(folder)) == ()


def test_groups_respect_corrections_only_when_asked_and_say_the_scores_without(run, folder, tmp_path):
    split_the_wrong_one(folder)
    plain = json.loads(run("group", folder, "--out", tmp_path / "out", "--extractor", "fake", "--json")[1])
    assert "n_corrections" not in plain
    told = ("group", folder, "--out", tmp_path / "out", "--extractor", "fake", "--corrections")
    used = json.loads(run(*told, "--json")[1])
    assert (used["n_corrections"], used["threshold"]) == (1, plain["threshold"])
    assert used["ari"] > plain["ari"] == used["without_corrections"]["ari"]
    assert {*used, *used["without_corrections"]} <= documented()
    out = run(*told)[1]
    assert "Corrections used: 1. Without them: 3 groups" in out
    assert "do not measure the method" in out


def test_groups_respect_the_corrections_of_a_file(run, folder, tmp_path):
    rows = "".join(f"1,same,1,{image_id}\n" for image_id in load_catalog(folder).image_ids)
    said = written(tmp_path / "all.csv", f"correction,kind,part,image_id\n{rows}")
    options = ("--out", tmp_path / "out", "--extractor", "fake", "--corrections", said, "--json")
    fields = json.loads(run("group", folder, *options)[1])
    assert (fields["n_groups"], fields["n_corrections"]) == (1, 1)
    assert read_actions(load_catalog(folder)) == ()


def test_a_clustering_that_takes_no_corrections_is_refused_before_any_work(run, folder, tmp_path):
    code, _, said = run("group", folder, "--out", tmp_path / "out", "--clusterer", "kmeans", "--corrections")
    assert code == 2
    assert "cannot keep photos together" in said


def test_a_contradiction_names_the_photos(run, folder, tmp_path):
    rows = "1,same,1,red/red-1.png\n1,same,1,red/red-2.png\n2,different,1,red/red-1.png\n2,different,2,red/red-2.png\n"
    said = written(tmp_path / "said.csv", f"correction,kind,part,image_id\n{rows}")
    code, _, told = run("corrections", folder, "--import", said)
    assert code == 1
    assert "'red/red-1.png' - 'red/red-2.png'" in told
    assert SAME not in [each.kind for each in read_actions(load_catalog(folder))]
