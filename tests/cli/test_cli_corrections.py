"""`corrections` and `group --corrections`: listed, written, taken over, used only when asked for."""

import json

import pytest
from cli_cases import documented, written
from mixed_folders import one_wrong

from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.main import main
from shopsim.grouping.corrections.action import SAME, SPLIT, action
from shopsim.grouping.corrections.store import keep, read_actions, read_all_actions

pytestmark = pytest.mark.usefixtures("fake_extractor")


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


@pytest.fixture
def shop(capsys):
    """Runs a command: (exit code, stdout, stderr)."""

    def call(*arguments):
        try:
            code = main([*map(str, arguments)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


def split_the_wrong_one(folder):
    catalog = load_catalog(folder)
    digest = {image.image_id: image.digest for image in catalog.images}
    wrong = digest["green/green-8.png"]
    keep(catalog, action(SPLIT, [[wrong], [digest[name] for name in digest if name.startswith("red/")]], "Jisoo"))


def test_corrections_are_listed_and_every_json_field_is_documented(shop, folder):
    split_the_wrong_one(folder)
    code, out, _ = shop("corrections", folder)
    assert code == 0
    assert "corrections kept: 1." in out
    assert "Split off from a group. Photos: 1 of 5 (Jisoo, " in out
    fields = json.loads(shop("corrections", folder, "--json")[1])
    assert {*fields, *fields["corrections"][0]} <= documented()


def test_a_file_goes_to_another_workspace_once(shop, folder, tmp_path, monkeypatch):
    split_the_wrong_one(folder)
    assert shop("corrections", folder, "--export", tmp_path / "said.csv")[0] == 0
    kept = read_actions(load_catalog(folder))
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "another"))
    assert read_actions(load_catalog(folder)) == ()
    for n_new in (1, 0):
        fields = json.loads(shop("corrections", folder, "--import", tmp_path / "said.csv", "--json")[1])
        assert fields["n_imported"] == n_new
    assert read_actions(load_catalog(folder)) == kept


def test_corrections_of_photos_elsewhere_are_kept_once_and_counted(shop, folder, tmp_path):
    rows = "".join(f"1,same,1,{number:032x}\n" for number in (1, 2))
    said = written(tmp_path / "said.csv", f"correction,kind,part,photo\n{rows}")
    for n_new in (1, 0):
        fields = json.loads(shop("corrections", folder, "--import", said, "--json")[1])
        assert (fields["n_imported"], fields["n_elsewhere"], fields["n_corrections"]) == (n_new, 1, 0)
        assert set(fields) <= documented()
    assert len(read_all_actions()) == 1
    assert "of which this catalogue has no photo: 1." in shop("corrections", folder, "--import", said)[1]


def test_a_file_with_a_bad_row_changes_nothing(shop, folder, tmp_path):
    text = "correction,kind,part,image_id\n1,same,1,red/red-1.png\n1,same,1,red/red-2.png\n2,same,1,nowhere.png\n"
    code, _, said = shop("corrections", folder, "--import", written(tmp_path / "bad.csv", text))
    assert code == 1
    assert "Row 4 of 'bad.csv': the photo 'nowhere.png' is not in the catalogue" in said
    assert "Nothing was imported." in said
    assert read_actions(load_catalog(folder)) == ()


def test_groups_respect_corrections_only_when_asked_and_say_the_scores_without(shop, folder, tmp_path):
    split_the_wrong_one(folder)
    plain = json.loads(shop("group", folder, "--out", tmp_path / "out", "--extractor", "fake", "--json")[1])
    assert "n_corrections" not in plain
    told = ("group", folder, "--out", tmp_path / "out", "--extractor", "fake", "--corrections")
    used = json.loads(shop(*told, "--json")[1])
    assert (used["n_corrections"], used["threshold"]) == (1, plain["threshold"])
    assert used["ari"] > plain["ari"] == used["without_corrections"]["ari"]
    assert {*used, *used["without_corrections"]} <= documented()
    out = shop(*told)[1]
    assert "Corrections used: 1. Without them: 3 groups" in out
    assert "do not measure the method" in out


def test_groups_respect_the_corrections_of_a_file(shop, folder, tmp_path):
    rows = "".join(f"1,same,1,{image_id}\n" for image_id in load_catalog(folder).image_ids)
    said = written(tmp_path / "all.csv", f"correction,kind,part,image_id\n{rows}")
    options = ("--out", tmp_path / "out", "--extractor", "fake", "--corrections", said, "--json")
    fields = json.loads(shop("group", folder, *options)[1])
    assert (fields["n_groups"], fields["n_corrections"]) == (1, 1)
    assert read_actions(load_catalog(folder)) == ()


def test_a_clustering_that_takes_no_corrections_is_refused_before_any_work(shop, folder, tmp_path):
    code, _, said = shop("group", folder, "--out", tmp_path / "out", "--clusterer", "kmeans", "--corrections")
    assert code == 2
    assert "cannot keep photos together" in said


def test_a_contradiction_names_the_photos(shop, folder, tmp_path):
    rows = "1,same,1,red/red-1.png\n1,same,1,red/red-2.png\n2,different,1,red/red-1.png\n2,different,2,red/red-2.png\n"
    said = written(tmp_path / "said.csv", f"correction,kind,part,image_id\n{rows}")
    code, _, told = shop("corrections", folder, "--import", said)
    assert code == 1
    assert "'red/red-1.png' - 'red/red-2.png'" in told
    assert SAME not in [each.kind for each in read_actions(load_catalog(folder))]
