"""`review` on the command line: the ranked suspects as text, as JSON and as a file."""

import csv
import io
import json
import re

import pytest
from cli_cases import documented
from mixed_folders import BLUE, GREEN, RED, mixed_folder, plain_folder

from shopsim.base.paths import home_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.main import main
from shopsim.review.decisions import ACCEPTED, Decision, decide

pytestmark = pytest.mark.usefixtures("fake_extractor")

WRONG = "green/green-16.png"


@pytest.fixture
def folder(tmp_path):
    """24 photos in three colours; one red photo is said to be of the green model."""
    return mixed_folder(tmp_path / "mixed", {"blue": [BLUE] * 8, "green": [GREEN] * 7 + [RED], "red": [RED] * 8})


@pytest.fixture
def review(capsys, folder):
    """Runs the command on the folder: (exit code, stdout, stderr)."""

    def call(*more, place=folder):
        try:
            code = main(["review", str(place), "--extractor", "fake", *map(str, more)])
        except SystemExit as end:
            code = end.code
        return code, *capsys.readouterr()

    return call


def test_the_suspects_are_listed_with_their_evidence(review):
    code, out, _ = review()
    assert code == 0
    assert "1 suspect from a score of 0." in out
    assert re.search(rf"1\. 0\.\d{{4}} {WRONG}: green -> red\. 8 of its 10 nearest photos show red", out)


def test_every_json_field_is_documented(review, tmp_path):
    code, out, _ = review("--json", "--out", tmp_path / "out")
    result = json.loads(out)
    assert code == 0
    assert out.count("\n") == 1
    known = documented()
    assert not set(result) - known
    (suspect,) = result["suspects"]
    assert not set(suspect) - known
    assert (suspect["image_id"], suspect["model"], suspect["suggested"]) == (WRONG, "green", "red")
    assert suspect["decision"] is None
    assert result["min_score"] <= suspect["score"] <= 1
    assert result["ari_corrected"] == result["ari"]


def test_the_file_holds_what_is_listed(review, tmp_path):
    _, out, _ = review("--json", "--out", tmp_path / "out")
    (path,) = json.loads(out)["files"]
    assert path == str(tmp_path / "out" / "label_errors.csv")
    data = (tmp_path / "out" / "label_errors.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbfimage_id,model,suggested,score,evidence,decision\r\n")
    assert [row["image_id"] for row in csv.DictReader(io.StringIO(data.decode("utf-8-sig")))] == [WRONG]


def test_without_out_nothing_is_written(review):
    _, out, _ = review("--json")
    assert json.loads(out)["files"] == []


def test_accepted_corrections_give_a_score_beside_the_given_one(review, folder):
    catalog = load_catalog(folder)
    digest = catalog.images[catalog.position[WRONG]].digest
    decide(catalog, Decision(digest, "green", ACCEPTED, "red"))
    result = json.loads(review("--json")[1])
    assert (result["n_accepted"], result["suspects"][0]["decision"]) == (1, "accepted")
    assert result["ari_corrected"] > result["ari"]


def test_a_damaged_database_is_said_once_and_the_list_is_given_all_the_same(review):
    sound = review("--json")
    home_dir().mkdir()
    (home_dir() / "shopsim.db").write_bytes(b"damaged")
    code, out, err = review("--json")
    assert (code, out) == sound[:2]
    assert err.count("was damaged, or no database of shopsim, and is kept as 'shopsim.db.damaged-1'.") == 1
    code, out, err = review("--json")
    assert (code, out) == sound[:2]
    assert "damaged" not in err


def test_the_least_score_can_be_chosen(review):
    assert json.loads(review("--json", "--min-score", "1")[1])["suspects"] == []
    code, _, err = review("--min-score", "0.2")
    assert code == 2
    assert "between 0.5 and 1" in err


def test_without_labels_it_says_what_is_missing(review, tmp_path):
    code, out, err = review(place=plain_folder(tmp_path / "plain"))
    assert (code, out) == (1, "")
    assert "has no true labels, so none can be wrong" in err
