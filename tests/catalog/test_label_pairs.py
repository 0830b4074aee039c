"""True and predicted labels of which one names photos that the other does not."""

import pytest
from refusals import refusal
from vector_folders import vectors_folder

from shopsim.catalog.labels.label_pairs import read_label_pair

PRED = "path,group\na.jpg,0\nb.jpg,0\nc.jpg,1\n"


@pytest.fixture
def pair(tmp_path):
    def read(true, pred=PRED):
        (tmp_path / "true.csv").write_text(true)
        (tmp_path / "pred.csv").write_text(pred)
        labels = read_label_pair(tmp_path / "true.csv", tmp_path / "pred.csv")
        return tuple(found.tolist() for found in labels[:2])

    return read


def test_a_photo_that_the_true_labels_do_not_name_has_none(pair):
    assert pair("path,model\nc.jpg,x\na.jpg,y\n") == ([0, 1, -1], [0, 1, 1])


def test_a_photo_that_has_no_group_is_not_scored(pair):
    assert pair("path,model\nz.jpg,x\na.jpg,y\nb.jpg,y\nc.jpg,x\n") == ([0, 0, 1], [0, 0, 1])


def test_no_photo_in_common_is_refused(pair):
    assert refusal(lambda: pair("path,model\nx/a.jpg,x\n")) == (
        "'true.csv' names none of the 3 photos of 'pred.csv'; its paths look like 'x/a.jpg', the others like 'a.jpg'."
    )


def test_the_command_line_says_what_was_not_scored(run, run_json, tmp_path):
    (tmp_path / "true.csv").write_text("path,model\na.jpg,y\nz.jpg,x\n")
    (tmp_path / "pred.csv").write_text(PRED)
    notes = [
        "2 of the 3 photos of 'pred.csv' are not in 'true.csv' and are not scored, 'b.jpg' for one",
        "1 of the 2 photos of 'true.csv' are not in 'pred.csv' and are not scored, 'z.jpg' for one",
    ]
    told = run_json("evaluate", tmp_path / "true.csv", tmp_path / "pred.csv")
    assert (told["notes"], told["n_images"], told["n_labelled"]) == (notes, 3, 1)
    assert all(f"{note}." in run("evaluate", tmp_path / "true.csv", tmp_path / "pred.csv")[1] for note in notes)


def test_evaluate_agrees_with_group_where_few_photos_have_a_label(run_json, tmp_path):
    folder = vectors_folder(tmp_path / "own", 5, 6, noise=0.9, labels=False)
    paths = (folder / "img_paths.txt").read_text().split()
    rows = [f"{path},{path.partition('_')[0]}{number // 6}\n" for number, path in enumerate(paths)]
    (tmp_path / "labels.csv").write_text("path,model\nnot_here.jpg,x\n" + "".join(rows[::2]))
    told = run_json("group", folder, "--labels", tmp_path / "labels.csv", "--out", tmp_path / "out")
    again = run_json("evaluate", tmp_path / "labels.csv", tmp_path / "out" / "groups.csv")
    for name in ("ari", "pair_precision", "pair_recall", "n_images", "n_labelled", "n_models", "n_groups"):
        assert again[name] == told[name]
    assert told["n_labelled"] == 15
