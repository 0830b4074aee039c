"""`--never-join` on the command line."""

import csv
import json
import shutil

import pytest
from cli_cases import documented, sentence, written
from column_cases import table_of_photos

pytestmark = pytest.mark.usefixtures("fake_extractor")


@pytest.fixture
def folder(tmp_path):
    return table_of_photos(tmp_path / "photos")


@pytest.fixture
def grouped(run, folder, tmp_path):
    """Groups the photos: the fields of the JSON object."""

    def call(*options, command="group"):
        code, out, err = run(command, folder, "--extractor", "fake", "--out", tmp_path / "out", *options, "--json")
        assert code == 0, err
        return json.loads(out)

    return call


@pytest.mark.parametrize("command", ["group", "export"])
def test_photos_of_two_brands_are_never_joined_and_every_field_is_documented(command, grouped, tmp_path):
    fields = grouped("--never-join", "Brand", "--threshold", "0", command=command)
    found = fields["never_join"]
    assert (found["column"], found["n_values"], found["n_without_value"]) == ("brand", 2, 4)
    assert found["n_pairs_stopped"] > found["n_pairs_stopped_of_one_model"] > 0
    assert {*fields, *found} <= documented()
    with (tmp_path / "out/groups.csv").open(encoding="utf-8-sig", newline="") as file:
        groups = {}
        for row in csv.DictReader(file):
            number = int(row["image_id"].partition("-")[2][0])
            groups.setdefault(row["group"], set()).add(["Ardena", "Bellwyn", "Ardena", ""][number])
    assert all(len(brands) == 1 for brands in groups.values())


def test_without_the_option_there_is_no_field_and_the_lines_say_what_the_rule_stopped(grouped, run, folder, tmp_path):
    assert "never_join" not in grouped()
    code, out, _ = run(
        "group", folder, "--extractor", "fake", "--out", tmp_path / "out", "--never-join", "brand", "--threshold", "0"
    )
    assert code == 0
    assert "Photos that differ in 'brand' are never joined. Without this rule, groups with more than one value: " in out


def test_what_cannot_keep_photos_apart_says_so_before_any_work(run, folder, tmp_path):
    how = ("group", folder, "--extractor", "fake", "--out", tmp_path / "out", "--never-join")
    assert sentence(run, *how, "seller").startswith("'photos' has no column 'seller'. Known: brand, price, split.")
    assert "'kmeans' (K-means) cannot keep photos" in sentence(run, *how, "brand", "--clusterer", "kmeans", code=2)
    told = sentence(run, *how, "brand", "--tuned-on", "x.json", code=2)
    assert told.endswith("--never-join cannot be given with --tuned-on, whose consensus keeps no photos apart.")


def test_review_lists_near_duplicates_across_parts_and_every_field_is_documented(grouped, folder, tmp_path):
    shutil.copyfile(folder / "red-0.png", folder / "red-copy.png")
    with (folder / "catalog.csv").open("a", newline="") as file:
        csv.writer(file).writerow(("red-copy.png", "red", "red-9", "test", "", ""))
    fields = grouped(command="review")
    pairs = fields["split_leaks"]
    assert (pairs[0]["image_id"], pairs[0]["other"], pairs[0]["byte_equal"]) == ("red-0.png", "red-copy.png", True)
    assert all({pair["split"], pair["other_split"]} == {"train", "test"} for pair in pairs)
    assert {*fields, *pairs[0]} <= documented()
    lines = (tmp_path / "out/split_leaks.csv").read_text(encoding="utf-8-sig").splitlines()
    assert len(lines) == len(pairs) + 1
    assert lines[1] == "red-0.png,train,red-copy.png,test,1.0000,1"


def test_pairs_of_different_products_are_scored_by_themselves(grouped):
    """At the highest threshold all photos are alone, and 4 pairs per model are of different products."""
    found = grouped("--threshold", "1")["cross_product"]
    assert (found["tp"], found["fn"], found["pair_recall"]) == (0, 16, 0.0)
    assert set(found) <= documented()


def test_evaluate_scores_pairs_of_different_products_if_the_true_file_tells_them(run, tmp_path):
    """The products a and b of model x are each whole and in two groups; all 4 pairs across them are missed."""
    true = "path,model,product\n1.jpg,x,a\n2.jpg,x,a\n3.jpg,x,b\n4.jpg,x,b\n5.jpg,y,\n"
    pred = "path,group\n4.jpg,1\n3.jpg,1\n2.jpg,0\n1.jpg,0\n5.jpg,2\n"
    files = written(tmp_path / "true.csv", true), written(tmp_path / "pred.csv", pred)
    fields = json.loads(run("evaluate", *files, "--json")[1])
    found = fields["cross_product"]
    assert (fields["tp"], found["tp"], found["fn"], found["tn"]) == (2, 0, 4, 0)
    assert "Pairs of different products only: pair precision 1.0000   pair recall 0.0000" in run("evaluate", *files)[1]
    written(tmp_path / "true.csv", true.replace(",product", ",note"))
    assert json.loads(run("evaluate", *files, "--json")[1])["cross_product"] is None
