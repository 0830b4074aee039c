"""Predicted labels: what is noise however it is written, and which words are refused since they may be."""

import numpy as np
import pytest
from refusals import refusal

from shopsim.catalog.labels.label_pairs import read_label_pair

TABLE = "path,group\na.jpg,{0}\nb.jpg,{0}\nc.jpg,bag\n"
TRUE_TABLE = "path,model\na.jpg,x\nb.jpg,x\nc.jpg,y\n"


def grouped(folder, true, pred, end="txt"):
    (folder / f"true.{end}").write_text(true, encoding="utf-8")
    (folder / f"pred.{end}").write_text(pred, encoding="utf-8")
    return read_label_pair(folder / f"true.{end}", folder / f"pred.{end}")[1].tolist()


@pytest.mark.parametrize("noise", ["'-1", "-1,", "-1;", '"-1"', "'-1.0", "\u20131", "-1 ,", "\uff0d1", '="-1"'])
def test_noise_is_noise_with_whatever_programs_put_around_it(tmp_path, noise):
    assert grouped(tmp_path, "x\nx\ny\n", f"{noise}\n{noise}\nbag\n") == [0, 1, 2]
    assert grouped(tmp_path, "x\nx\ny\n", f"{noise}\n{noise}\nbag\n", "tsv") == [0, 1, 2]
    quoted = noise.replace('"', '""')
    assert grouped(tmp_path, TRUE_TABLE, TABLE.format(f'"{quoted}"'), "csv") == [0, 1, 2]


@pytest.mark.parametrize("end", ["txt", "tsv", "csv", "npy"])
@pytest.mark.parametrize("word", ["noise", "NOISE", "NA", "nan", "inf", "-inf", "None", "#N/A", "unknown", "-", "?"])
def test_words_that_may_mean_noise_are_refused_in_every_reader(tmp_path, word, end):
    if end == "npy":
        np.save(tmp_path / "true.npy", np.array(["x", "x", "y"]))
        np.save(tmp_path / "pred.npy", np.array([word, word, "bag"]))
        told = refusal(lambda: read_label_pair(tmp_path / "true.npy", tmp_path / "pred.npy"))
    elif end == "csv":
        told = refusal(lambda: grouped(tmp_path, TRUE_TABLE, TABLE.format(word), end))
    else:
        told = refusal(lambda: grouped(tmp_path, "x\nx\ny\n", f"{word}\n{word}\nbag\n", end))
    assert told == (
        f"'pred.{end}' has the label '{word}' for 2 photos, which may be a group or mean that there is none; write -1 "
        "for a photo that belongs to no group, or give the group another name."
    )


def test_models_may_be_called_so(tmp_path):
    assert grouped(tmp_path, "noise\nNA\nnoise\n", "0\n1\n0\n") == [0, 1, 0]


@pytest.mark.parametrize("cell", ["", " ", "nan"])
def test_a_photo_without_a_predicted_label_is_refused(tmp_path, cell):
    told = refusal(lambda: grouped(tmp_path, "x\nx\ny\n", f"1.0\n{cell}\n2.0\n"))
    assert told == (
        "'pred.txt' has no label for line 2; every photo needs a predicted one, -1 if it belongs to no group."
    )


@pytest.mark.parametrize("dtype", [np.uint8, np.uint16, np.uint32, np.uint64])
def test_minus_one_that_lost_its_sign_is_refused(tmp_path, dtype):
    np.save(tmp_path / "true.npy", np.array(["x", "x", "y"]))
    np.save(tmp_path / "pred.npy", np.array([-1, -1, 3]).astype(dtype))
    told = refusal(lambda: read_label_pair(tmp_path / "true.npy", tmp_path / "pred.npy"))
    assert told.endswith("which is also what becomes of -1 there; save the labels as int64.")


def test_as_many_groups_as_a_byte_counts_are_groups(tmp_path):
    np.save(tmp_path / "labels.npy", np.arange(256, dtype=np.uint8))
    assert read_label_pair(tmp_path / "labels.npy", tmp_path / "labels.npy")[1].tolist() == list(range(256))


@pytest.mark.parametrize(
    ("pred", "told"),
    [
        ("0,5\n1,5\n2,6\n", "'pred.txt' counts its lines before the labels, '0,5' for one; remove the numbers"),
        ("1\t5\n2\t5\n3\t6\n", "'pred.txt' counts its lines before the labels, '1\t5' for one"),
        ("[0, 0, 1]\n", "'pred.txt' has several labels on its one line, '[0, 0, 1]' for one"),
        ("[\n0,\n0\n]\n", "'pred.txt' is JSON, '[' for one"),
        ('"path" "model"\n"1" "a.jpg" "x"\n', "'pred.txt' has blanks between its columns"),
        ("5,a.jpg\n5,b.jpg\n6,c.jpg\n", "'pred.txt' has paths of photos where labels belong, '5,a.jpg' for one"),
    ],
)
def test_lines_with_more_than_a_label_are_refused(tmp_path, pred, told):
    assert refusal(lambda: grouped(tmp_path, "x\nx\ny\n", pred)).startswith(told)


def test_a_delimiter_behind_every_label_is_none_of_it(tmp_path):
    assert grouped(tmp_path, "x,\nx,\ny,\n", "1,\n-1,\n1,\n") == [0, 1, 0]


def test_a_header_is_no_label_unless_it_is_needed_as_one(tmp_path):
    assert grouped(tmp_path, "label\nx\nx\ny\n", "# groups\n0\n0\n1\n") == [0, 0, 1]
    assert grouped(tmp_path, "class\nx\nx\ny\n", "5\n0\n0\n1\n") == [0, 1, 1, 2]
