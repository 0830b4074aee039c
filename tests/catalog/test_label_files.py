"""Label files of any tool, read as they were meant."""

from contextlib import suppress

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.catalog.labels.label_files import LabelFile, read_labels
from shopsim.catalog.labels.label_pairs import read_label_pair
from shopsim.grouping.baseline_files import write_baseline_files
from shopsim.grouping.groups_csv import groups_csv
from shopsim.scoring.evaluation import evaluate


def pair(folder, true, pred, names=("true.txt", "pred.txt")):
    for name, content in zip(names, (true, pred), strict=True):
        (folder / name).write_bytes(content if isinstance(content, bytes) else content.encode())
    labels_true, labels_pred, _ = read_label_pair(folder / names[0], folder / names[1])
    assert labels_true.dtype == labels_pred.dtype == np.int64
    return labels_true.tolist(), labels_pred.tolist()


@pytest.mark.parametrize(
    "content",
    [
        "01\n1\n가방\n".encode(),
        "01\n1\n가방".encode(),
        "01\r\n1\r\n가방\r\n".encode("utf-8-sig"),
        "01\n1\n가방\n".encode("cp949"),
        "01\r\n1\r\n가방\r\n".encode("utf-16"),
        "01\r1\r가방\r".encode(),
    ],
    ids=["plain", "no last line end", "BOM and CRLF", "Korean Excel", "UTF-16", "old Mac"],
)
def test_lines_are_read_in_any_encoding_and_stay_text(tmp_path, content):
    (tmp_path / "labels.txt").write_bytes(content)
    assert read_labels(tmp_path / "labels.txt") == LabelFile(("01", "1", "가방"))


@pytest.mark.parametrize(
    ("content", "labels"),
    [
        ("path,model\n=a,01\nb,\n", ("01", "")),
        ("label;x,image_id\n1,'=a\n2,b\n", None),
        ("label,path\n1,a\n2,b", ("1", "2")),
    ],
)
def test_a_table_is_read_by_its_column_names(tmp_path, content, labels):
    (tmp_path / "labels.csv").write_text(content)
    if labels is None:
        with pytest.raises(ShopsimError, match="needs one called model or label or group"):
            read_labels(tmp_path / "labels.csv")
    else:
        assert read_labels(tmp_path / "labels.csv").labels == labels


@pytest.mark.parametrize("name", ["labels.csv", "labels.txt"])
@pytest.mark.parametrize(
    "text",
    [
        "image_id;model;similarity\na;01;0,5\nb;;1\n",
        "sep=;\r\nImage_ID; MODEL ;x\r\na;01;\r\nb;;\r\n;;\r\n",
        "model\tPATH\n01\ta\n\tb\n",
        "path|label\na|01\nb|\n",
    ],
)
def test_a_table_of_any_delimiter_is_one_whatever_it_is_called(tmp_path, name, text):
    (tmp_path / name).write_text(text)
    assert read_labels(tmp_path / name) == LabelFile(("01", ""), ("a", "b"))


def test_lines_of_numbers_are_lines_also_where_they_are_called_csv(tmp_path):
    np.savetxt(tmp_path / "true.csv", [0, 0, 1, 1])
    np.savetxt(tmp_path / "pred.csv", [-1, -1, 4, 4])
    labels_true, labels_pred, _ = read_label_pair(tmp_path / "true.csv", tmp_path / "pred.csv")
    assert (labels_true.tolist(), labels_pred.tolist()) == ([0, 0, 1, 1], [0, 1, 2, 2])


@pytest.mark.parametrize("noise", ["-1", '"-1"', '="-1"', "−1", "－１", "-1e0", "-1.000e+00", " -1 ", "-1,0"])
def test_noise_is_noise_however_a_tool_writes_it(tmp_path, noise):
    labels_true, labels_pred = pair(
        tmp_path, "a\na\nb\nb\nc\nc\n", "".join(f"{label}\n" for label in ("0", "0", "1", noise, noise, "1"))
    )
    assert labels_true == [0, 0, 1, 1, 2, 2]
    assert len(set(labels_pred)) == 4
    assert labels_pred[3] != labels_pred[4]


@pytest.mark.parametrize(
    "text",
    [
        "m0/0.jpg x\nm1/1 2.PNG y z\n",
        "m0/0.jpg\tx\nm1/1 2.PNG\ty z\n",
        "m0/0.jpg,x\nm1/1 2.PNG,y z\n",
        '"m0/0.jpg" "x"\n"m1/1 2.PNG" "y z"\n',
        "m0/0.jpg; x\nm1/1 2.PNG; y z\n\n",
    ],
)
def test_a_list_of_photos_and_labels_needs_no_header(tmp_path, text):
    (tmp_path / "labels.txt").write_text(text)
    assert read_labels(tmp_path / "labels.txt") == LabelFile(("x", "y z"), ("m0/0.jpg", "m1/1 2.PNG"))


def test_lines_of_which_one_names_no_photo_are_labels(tmp_path):
    (tmp_path / "labels.txt").write_text("a.jpg x\nbag\n")
    assert read_labels(tmp_path / "labels.txt") == LabelFile(("a.jpg x", "bag"))


def test_quotation_marks_around_a_line_are_no_part_of_the_label(tmp_path):
    (tmp_path / "labels.txt").write_text('"bag"\n"shoe"\nbag\n')
    assert read_labels(tmp_path / "labels.txt").labels == ("bag", "shoe", "bag")


def test_noise_of_savetxt_is_noise(tmp_path):
    groups = [-1, -1, 0, 0, -1, 1, 1, -1]
    np.savetxt(tmp_path / "pred.txt", groups)
    (tmp_path / "true.txt").write_text("a\nb\na\na\nb\nb\nb\na\n")
    labels_true, labels_pred, _ = read_label_pair(tmp_path / "true.txt", tmp_path / "pred.txt")
    assert labels_pred.tolist() == [0, 1, 2, 2, 3, 4, 4, 5]
    # 2 of 12 pairs of one model are joined and no other: (2 - 24/28) / (7 - 24/28).
    assert evaluate(labels_true, labels_pred).ari == pytest.approx(8 / 43)


@pytest.mark.parametrize("noise", ["-1.0", "-1.000e+00", "-1,0"])
def test_noise_is_known_among_text_too(tmp_path, noise):
    assert pair(tmp_path, "a\na\na\na\n", f"{noise}\nbag\n{noise}\nbag\n")[1] == [0, 1, 2, 1]


def test_nan_is_no_label_among_numbers_and_a_model_among_text(tmp_path):
    assert pair(tmp_path, "1.0\nnan\n2.0\n", "0\n0\n1\n")[0] == [0, -1, 1]
    assert pair(tmp_path, "bag\nnan\nbag\n", "0\n0\n1\n")[0] == [0, 1, 0]
    with pytest.raises(ShopsimError, match=r"'pred.txt' has no label for line 2"):
        pair(tmp_path, "a\na\na\n", "0.0\nnan\n1.0\n")


def test_photos_of_two_tables_are_joined_however_they_are_written(tmp_path):
    true = "path;model\nm\\a.jpg;x\n./m/b.jpg;y\n"
    assert pair(tmp_path, true, "path,group\nm//b.jpg,1\n.\\m\\a.jpg,2\n", ("t.csv", "p.csv")) == ([0, 1], [0, 1])


@pytest.mark.parametrize("ids", [("a.jpg", " a.jpg"), ("m\\a.jpg", "m/a.jpg")])
def test_photos_that_others_would_write_alike_are_two_in_files_that_spell_them_alike(tmp_path, ids):
    table = "".join(f"{image_id},{number}\n" for number, image_id in enumerate(ids))
    assert pair(tmp_path, f"path,model\n{table}", f"path,group\n{table}", ("t.csv", "p.csv")) == ([0, 1], [0, 1])
    with pytest.raises(ShopsimError, match="more than once"):
        pair(tmp_path, f"path,model\n{table}", "path,group\na.jpg,1\nm/a.jpg,1\n", ("t.csv", "p.csv"))


def test_a_spreadsheet_saved_as_tabbed_text_is_a_table_too(tmp_path):
    (tmp_path / "labels.txt").write_bytes("image_id\tgroup\r\n가.jpg\t3\r\n".encode("utf-16"))
    assert read_labels(tmp_path / "labels.txt") == LabelFile(("3",), ("가.jpg",))


def test_the_two_golden_files_pair_by_line(tmp_path):
    assert pair(tmp_path, "01\n01\n01\n02\n02\n03\n", "01\n01\n02\n02\n03\n04\n") == (
        [0, 0, 0, 1, 1, 2],
        [0, 0, 1, 1, 2, 3],
    )


def test_text_labels_are_not_numbers(tmp_path):
    assert pair(tmp_path, "01\n1\n1.0\n", "1\n01\n1\n") == ([0, 1, 2], [0, 1, 0])


def test_an_empty_true_label_is_unlabelled(tmp_path):
    assert pair(tmp_path, "a\n\nb\n\n", "0\n0\n1\n1\n") == ([0, -1, 1, -1], [0, 0, 1, 1])


@pytest.mark.parametrize("column", ["model", "group"])
def test_a_label_of_minus_one_is_kept_to_be_judged(tmp_path, column):
    (tmp_path / "labels.txt").write_text("7\n-1\n")
    assert read_labels(tmp_path / "labels.txt", column).labels == ("7", "-1")


def test_a_model_called_minus_one_is_a_model(tmp_path):
    assert pair(tmp_path, "a\n-1\nb\n-1\n", "0\n0\n1\n1\n")[0] == [0, 1, 2, 1]


def test_blank_lines_at_the_end_are_no_labels(tmp_path):
    assert pair(tmp_path, "a\nb\n\n\n", "0\n1\n\n") == ([0, 1], [0, 1])


def test_predicted_noise_is_one_group_a_photo(tmp_path):
    assert pair(tmp_path, "a\na\na\na\n", "-1\n5\n-1\n5\n")[1] == [0, 1, 2, 1]


def test_two_group_files_join_by_photo(tmp_path):
    def table(ids, models, groups):
        return groups_csv(ids, models, [None] * len(ids), np.array(groups), np.ones(len(ids)), ids)

    true = table(["=a", "b", "c"], ["x", None, "y"], [0, 1, 2])
    pred = "image_id,group\nc,7\n=a,8\nb,7\n"
    assert pair(tmp_path, true, pred, ("true.csv", "pred.csv")) == ([0, -1, 1], [0, 1, 1])


@pytest.mark.parametrize(
    ("true", "pred", "sentence"),
    [
        ("a\nb\n", "0\n", r"'true.txt' has 2 labels and 'pred.txt' has 1; they must have one label per photo"),
        ("a\n", "0\n1\n", r"'true.txt' has 1 labels and 'pred.txt' has 2"),
        ("a\nb\n", "\n1\n", r"'pred.txt' has no label for line 1"),
        ("\n\n", "0\n1\n", r"'true.txt' has no label for any of its 2 photos"),
        ("image_id,model\na,x\n", "0\n", r"'true.txt' names photos and 'pred.txt' has only lines"),
        ("a\n", "image_id,group\na,x\n", r"'pred.txt' names photos and 'true.txt' has only lines"),
        ("image_id,model\na,x\na,y\n", "image_id,group\na,x\n", r"'true.txt' has 'a' more than once"),
        (
            "image_id,model\na,x\nb,y\n",
            "image_id,group\nc,x\n",
            r"'true.txt' names none of the 1 photos of 'pred.txt'; its paths look like 'a', the others like 'c'",
        ),
        ("image_id,model\na,x\n", "image_id,group\na,\n", r"'pred.txt' has no label for a"),
        (
            "image_id,size\na,x\n",
            "image_id,group\na,1\n",
            r"'true.txt' has the columns image_id, size; it needs one called",
        ),
        (b"a\0b\0", "0\n", r"'true.txt' is not text"),
    ],
)
def test_files_that_do_not_belong_together_get_a_sentence(tmp_path, true, pred, sentence):
    with pytest.raises(ShopsimError, match=sentence):
        pair(tmp_path, true, pred)


def test_a_file_that_would_fill_memory_is_refused_unread(tmp_path):
    with (tmp_path / "labels.npy").open("wb") as file:
        file.truncate(1 << 40)
    with pytest.raises(ShopsimError, match=r"'labels.npy' has 1,099,511,627,776 bytes; labels are read from files of"):
        read_labels(tmp_path / "labels.npy")


def test_two_empty_files_are_no_photos(tmp_path):
    assert pair(tmp_path, "", "") == ([], [])


line_labels = st.text(st.characters(exclude_categories=["Cs", "Cc", "Zs", "Zl", "Zp"]), min_size=1, max_size=4)


def read_back(folder, photos):
    """(true and predicted labels as they are read, as they were written), None if no photo has a model."""
    models, groups = [model for model, _ in photos], [group for _, group in photos]
    ids = [f"{place}.jpg" for place in range(len(photos))]
    rows = np.zeros((len(ids), 1), np.float32)
    write_baseline_files(folder, ids, ids, rows, models, models, np.array(groups))
    if not any(models):
        return None
    labels_true, labels_pred, _ = read_label_pair(folder / "labels_true.txt", folder / "labels_pred.tsv")
    numbers = [list(dict.fromkeys(groups)).index(group) for group in groups]
    return (labels_true.tolist(), labels_pred.tolist()), (np.load(folder / "labels_true.npy").tolist(), numbers)


@given(
    photos=st.lists(st.tuples(st.none() | st.text("abcd가é", min_size=1, max_size=4), st.integers(0, 3)), min_size=1)
)
def test_written_labels_are_read_back(tmp_path_factory, photos):
    found = read_back(tmp_path_factory.mktemp("baseline"), photos)
    assert found is None or found[0] == found[1]


@given(photos=st.lists(st.tuples(st.none() | line_labels, st.integers(0, 3)), min_size=1))
def test_whatever_models_are_called_they_are_read_back_or_refused(tmp_path_factory, photos):
    with suppress(ShopsimError):
        found = read_back(tmp_path_factory.mktemp("baseline"), photos)
        assert found is None or found[0] == found[1]
