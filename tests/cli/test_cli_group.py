"""`group` as other programs see it: the files, the threshold and who chose it, the scores."""

import csv
import io
import shutil

import numpy as np
from cli_cases import sentence, written
from group_tables import read_groups_csv


def test_group_writes_a_csv_of_every_photo(group, tmp_path):
    result = group()
    table = read_groups_csv(tmp_path / "out" / "groups.csv")
    assert len(table) == result["n_images"] == 16
    assert table["group"].nunique() == result["n_groups"]
    assert result["files"] == [str(tmp_path / "out" / "groups.csv")]


def test_without_threshold_labels_choose_the_best_and_say_so(group):
    chosen, best = group(), group("--threshold", "best")
    assert chosen["tuned_on"] == best["tuned_on"] == "tuned on these photos"
    assert chosen["threshold"] == best["threshold"]
    for threshold in np.linspace(-0.5, 1, 16):
        assert group(f"--threshold={threshold}")["ari"] <= best["ari"] + 1e-12


def test_the_threshold_printed_gives_the_same_groups_again(group, tmp_path):
    first = group()
    before = (tmp_path / "out" / "groups.csv").read_bytes()
    again = group("--threshold", repr(first["threshold"]))
    assert again["ari"] == first["ari"]
    assert again["tuned_on"] == "not known"
    assert (tmp_path / "out" / "groups.csv").read_bytes() == before


def test_a_percentage_is_the_same_threshold(group):
    assert group("--threshold", "62%")["threshold"] == group("--threshold", "0.62")["threshold"] == 0.62


def test_without_labels_a_guess_is_taken_and_scores_are_null(group):
    result = group("--form", "plain")
    assert result["tuned_on"] == "a guess without labels"
    assert 1 < result["n_groups"] < 16
    assert all(result[name] is None for name in ("ari", "pair_precision", "pair_recall", "pair_f1", "tp", "ami"))
    assert (result["n_labelled"], result["n_models"]) == (0, 0)


def test_best_without_labels_is_refused_before_any_work(run, tiny_catalog, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--form", "plain", "--threshold", "best", "--out", tmp_path / "out")
    assert "no true labels" in sentence(run, "group", tiny_catalog, *options)
    assert fake_extractor.n_extracted == 0


def test_kmeans_takes_a_number_of_groups(group):
    assert group("--clusterer", "kmeans", "--threshold", "4")["n_groups"] == 4


def test_kmeans_opens_with_the_baselines_number(group):
    result = group("--clusterer", "kmeans", "--photos-per-model", "8")
    assert (result["control"], result["threshold"], result["tuned_on"]) == ("count", 2.0, "not known")
    assert group("--clusterer", "kmeans")["tuned_on"] == "nothing tuned"


def test_each_category_is_scored_by_itself(group):
    whole, categories = group("--threshold", "0.5"), group("--threshold", "0.5")["categories"]
    assert [category["category"] for category in categories] == ["bags", "shoes"]
    assert sum(category["n_images"] for category in categories) == whole["n_images"]
    assert all(category["n_models"] == 2 and category["ari"] is not None for category in categories)


def test_one_category_is_grouped_alone(group):
    assert (group("--category", "bags")["n_images"], group("--category", "bags")["n_models"]) == (8, 2)


def test_an_unknown_category_is_answered_with_the_known(run, tiny_catalog, fake_extractor, tmp_path):
    options = ("--extractor", "fake", "--category", "hats", "--out", tmp_path)
    assert "Known: bags, shoes." in sentence(run, "group", tiny_catalog, *options)


def test_a_known_number_of_photos_a_model_chooses_the_threshold(group, run, tiny_catalog, tmp_path):
    result = group("--expect-photos", "4")
    assert result["tuned_on"] == "a guess for models of 4 photos"
    assert group("--expect-photos", "16")["n_groups"] == 1
    for options in (["--threshold", "0.5"], ["--clusterer", "kmeans"]):
        assert run("group", tiny_catalog, "--out", tmp_path / "o", "--expect-photos", "4", *options)[0] == 2
    assert run("group", tiny_catalog, "--out", tmp_path / "o", "--expect-photos", "0.5")[0] == 2


def test_copies_are_counted_or_left_out(group, tiny_catalog):
    photo = next(tiny_catalog.rglob("*.png"))
    shutil.copy(photo, photo.with_name("101_999_9.png"))
    assert (group()["n_images"], group()["n_copies"]) == (17, 1)
    assert (group("--no-copies")["n_images"], group("--no-copies")["n_copies"]) == (16, 0)


def test_a_labels_file_makes_a_plain_folder_scored(group, tmp_path):
    labels = written(tmp_path / "labels.txt", "a\nb\n" * 8)
    assert group("--form", "plain", "--labels", labels)["n_models"] == 2


def test_a_setting_reaches_the_space_and_the_clusterer(group, draw_photo, tiny_catalog):
    for seed in range(100, 130):
        draw_photo(tiny_catalog / "bags" / f"103_{seed}_0.png", (seed, 250 - seed, 100), seed)
    result = group("--strength", "0", "--clusterer", "dbscan", "--min-samples", "3")
    assert result["space_settings"] == {"strength": 0.0, "components": 0}
    assert result["clusterer_settings"] == {"min_samples": 3}
    assert "strength 0 " in result["space_note"]


def test_raw_leaves_formulas_unguarded(group, tiny_catalog, tmp_path):
    photo = next((tiny_catalog / "bags").glob("*.png"))
    photo.rename(photo.with_name("=1+1.png"))
    (tiny_catalog / "bags").rename(tiny_catalog / "=bags")
    for more, first in (((), "'=bags/"), (("--raw",), "=bags/")):
        group("--form", "contest", *more)
        rows = list(csv.reader(io.StringIO((tmp_path / "out" / "groups.csv").read_text("utf-8-sig"))))
        assert rows[1][0].startswith(first)
