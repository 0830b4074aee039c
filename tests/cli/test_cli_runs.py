"""`group --keep` and `--run`, and `runs`: a run is kept, found, compared, and grouped again exactly."""

import shutil

import pytest
from cli_cases import documented, sentence, written
from drawn_photos import draw_models, draw_photo
from group_tables import read_groups_csv


@pytest.fixture
def keep(group):
    return lambda name, *more: group("--keep", name, *more)


def test_a_kept_run_is_listed_with_settings_scores_and_origin(keep, run_json):
    kept = keep("monday", "--threshold", "0.5")
    (listed,) = run_json("runs")["runs"]
    assert (listed["name"], listed["id"]) == ("monday", kept["kept_run"])
    assert listed["settings"]["value"] == 0.5
    assert listed["scores"]["ari"] == kept["ari"]
    assert listed["provenance"]["key"]
    assert listed["provenance"]["versions"]["numpy"]


def test_a_run_gives_the_same_groups_and_file_again(keep, run_json, tmp_path, fake_extractor):
    first = keep("monday", "--threshold", "0.5", "--clusterer", "complete", "--strength", "0.4")
    before = (tmp_path / "out" / "groups.csv").read_bytes()
    again = run_json("group", "--run", "monday", "--out", tmp_path / "again")
    assert (tmp_path / "again" / "groups.csv").read_bytes() == before
    assert again["since"] == {"same_groups": True, "added": [], "removed": [], "changed": [], "renamed": []}
    for name in ("ari", "clusterer", "clusterer_settings", "space_settings", "threshold", "tuned_on", "extractor_key"):
        assert again[name] == first[name], name


def test_a_run_without_copies_of_one_category_is_taken_as_it_was(keep, run_json, tmp_path):
    first = keep("bags", "--category", "bags", "--no-copies")
    assert run_json("group", "--run", "bags", "--out", tmp_path / "again")["n_images"] == first["n_images"] == 8


def test_photos_that_changed_since_are_named(keep, run_json, tiny_catalog, tmp_path):
    keep("monday")
    photos = sorted((tiny_catalog / "bags").iterdir())
    photos[0].unlink()
    photos[1].rename(photos[1].with_name("101_99_0.png"))
    draw_photo(photos[2], (1, 2, 3), 77)
    draw_photo(tiny_catalog / "bags" / "101_98_0.png", (200, 40, 40), 78)
    since = run_json("group", "--run", "monday", "--out", tmp_path / "again")["since"]
    assert since["removed"] == [f"bags/{photos[0].name}"]
    assert since["renamed"] == [[f"bags/{photos[1].name}", "bags/101_99_0.png"]]
    assert since["changed"] == [f"bags/{photos[2].name}"]
    assert since["added"] == ["bags/101_98_0.png"]


def test_a_moved_folder_is_grouped_as_the_run(keep, run_json, tiny_catalog, tmp_path):
    keep("monday")
    shutil.move(tiny_catalog, tmp_path / "moved")
    again = run_json("group", tmp_path / "moved", "--run", "monday", "--out", tmp_path / "again")
    assert again["since"]["same_groups"]
    assert again["since"]["added"] == again["since"]["removed"] == []


def test_groups_keep_their_numbers_in_the_next_run(keep, run_json, tmp_path):
    keep("monday", "--threshold", "0.3")
    first = read_groups_csv(tmp_path / "out" / "groups.csv").set_index("image_id")["group"]
    keep("tuesday", "--threshold", "0.999")
    second = read_groups_csv(tmp_path / "out" / "groups.csv").set_index("image_id")["group"]
    assert second.nunique() > first.nunique()
    # Each group of Monday goes on in its largest piece, under the same number.
    assert set(first) <= set(second)
    for number in set(first):
        assert set(second[second == number].index) <= set(first[first == number].index)
    found = run_json("runs", "compare", "monday", "tuesday")
    assert found["groups"]["split"]
    assert not found["groups"]["merged"]


def test_a_run_is_shown_renamed_and_removed(keep, run_json, run):
    keep("monday")
    shown = run_json("runs", "show", "monday")
    assert len(shown["photos"]) == 16
    assert run_json("runs", "rename", "monday", "week 1")["run"]["name"] == "week 1"
    assert run_json("runs", "remove", "week 1")["run"]["name"] == "week 1"
    assert run_json("runs")["runs"] == []
    assert "There is no run 'week 1'" in sentence(run, "runs", "show", "week 1")


def test_an_option_beside_run_is_refused(keep, run, tmp_path):
    keep("monday")
    out = ("--out", tmp_path / "again")
    said = sentence(run, "group", "--run", "monday", "--threshold", "0.4", *out, code=2)
    assert said.endswith("--threshold cannot be given with --run, which takes it from the kept run.")
    said = sentence(run, "group", *out, code=2)
    assert said.endswith("Neither FOLDER nor --run is given; name the photos, or a kept run.")
    assert sentence(run, "runs", "compare", "monday", code=2).endswith("it takes the names of two runs.")


def test_every_field_is_documented(keep, run_json):
    kept = keep("monday")
    keep("tuesday")
    again = run_json("runs", "compare", "monday", "tuesday")
    names = {*kept, *again, *again["a"], *again["a"]["settings"], *again["a"]["scores"], *again["a"]["provenance"]}
    assert names <= documented()


def test_a_run_of_tuned_settings_is_given_again(run_json, fake_extractor, tmp_path):
    folder = draw_models(tmp_path / "many", 12)
    tuned = ("--extractor", "fake", "--budget", "0.02", "--alone", "--tuned-on", folder)
    first = run_json("group", folder, *tuned, "--out", tmp_path / "out", "--keep", "tuned")
    again = run_json("group", "--run", "tuned", "--out", tmp_path / "again")
    assert again["since"]["same_groups"]
    for name in ("ari", "threshold", "tuned_on", "tuned_settings", "sentence"):
        assert again[name] == first[name], name


def test_another_folder_is_read_by_itself(run_json, run, tiny_catalog, fake_extractor, tmp_path):
    labels = written(tmp_path / "labels.txt", "\n".join("ab"[number % 2] for number in range(16)) + "\n")
    given = ("--extractor", "fake", "--threshold", "0.95")
    run_json("group", tiny_catalog, *given, "--labels", labels, "--out", tmp_path / "out", "--keep", "labelled")
    other = draw_models(tmp_path / "other", 5)
    again = run_json("group", other, "--run", "labelled", "--form", "plain", "--out", tmp_path / "again")
    assert (again["n_labelled"], again["threshold"]) == (0, 0.95)
    said = sentence(run, "group", "--run", "labelled", "--form", "plain", "--out", tmp_path / "again", code=2)
    assert said.endswith("--form cannot be given with --run, which takes it from the kept run.")
