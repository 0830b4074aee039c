"""Labels in `.npy` files, in `evaluate` and as true models of a catalogue."""

import io

import numpy as np
import pytest
from catalog_fixtures import photo_folder

from shopsim import ShopsimError
from shopsim.catalog.labels.label_files import LabelFile, read_labels
from shopsim.catalog.labels.label_pairs import read_label_pair
from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def saved(tmp_path):
    def save(array, name="labels.npy"):
        np.save(tmp_path / name, array)
        return tmp_path / name

    return save


@pytest.mark.parametrize(
    ("array", "labels"),
    [
        (np.array([7, 0, 12]), ("7", "0", "12")),
        (np.array([[7], [0], [12]], np.uint8), ("7", "0", "12")),
        (np.array([7, np.nan, 12]), ("7", "", "12")),
        (np.array([7, 0, 12], np.float16), ("7", "0", "12")),
        (np.array([7, 0, 12], ">f4"), ("7", "0", "12")),
        (np.array(["01", "1", "가방"]), ("01", "1", "가방")),
        (np.array([["01"], ["1"], [" b "]]), ("01", "1", "b")),
        (np.array(["01", "가방".encode()], "S8"), ("01", "가방")),
        (np.array(["1.0", "-1.0", "nan"]), ("1", "-1", "")),
        (np.array([15136734052, 2**62]), ("15136734052", str(2**62))),
        (np.array([15136734052.0]), ("15136734052",)),
        (np.zeros(0), ()),
    ],
)
def test_numbers_and_text_become_labels(saved, array, labels):
    assert read_labels(saved(array), "group") == LabelFile(labels)


def test_text_of_two_columns_names_the_photos(saved):
    path = saved(np.array([["b.jpg", "01"], ["a.jpg", "1"]]))
    assert read_labels(path) == LabelFile(("01", "1"), ("b.jpg", "a.jpg"))


def test_the_content_tells_an_array_whatever_it_is_called(saved, tmp_path):
    saved(np.array([1, 2])).rename(tmp_path / "labels.txt")
    assert read_labels(tmp_path / "labels.txt") == LabelFile(("1", "2"))


def test_minus_one_is_noise_in_groups_and_none_in_integers_that_are_models(saved):
    true, pred = saved(np.array([5, -1, 5, 6]), "true.npy"), saved(np.array([-1.0, 2, -1, 2]), "pred.npy")
    labels_true, labels_pred, _ = read_label_pair(true, pred)
    assert labels_true.tolist() == [0, -1, 0, 1]
    assert labels_pred.tolist() == [0, 1, 2, 1]


def test_a_model_called_minus_one_is_a_model_in_text(saved):
    true = saved(np.array(["5", "-1", "-1"]), "true.npy")
    assert read_label_pair(true, saved(np.zeros(3), "pred.npy"))[0].tolist() == [0, 1, 1]


def test_an_array_pairs_with_lines(saved, tmp_path):
    (tmp_path / "pred.txt").write_text("-1.000e+00\n2.000e+00\n-1.000e+00\n2.000e+00\n")
    assert read_label_pair(saved(np.array(list("aabb"))), tmp_path / "pred.txt")[1].tolist() == [0, 1, 2, 1]


def npy_bytes(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


SOUND = npy_bytes(np.arange(3))


@pytest.mark.parametrize(
    ("array", "told"),
    [
        (np.zeros((3, 2)), r"holds float64 of shape \(3, 2\); labels are \(n,\) or \(n, 1\) integers or text"),
        (np.zeros((1, 1, 1), int), r"shape \(1, 1, 1\)"),
        (np.int64(3), r"shape \(\)"),
        (np.array([True, False]), "holds bool"),
        (np.array([1j]), "holds complex128"),
        (np.array([["a", "b", "c"]]), r"shape \(1, 3\)"),
        (np.array([0.5, 1]), "holds 0.5, which is no label"),
        (np.array([np.inf, 1]), "holds inf, which is no label"),
        (np.array([15136734052], np.float32), "as float32, which has no room for its last digits"),
        (np.array([b"\xff"]), "holds text that is not UTF-8"),
        (np.zeros(2, [("path", "U5"), ("model", "U5")]), r"of shape \(2,\)"),
        (np.array(["2024-01-01"], "M8[D]"), "holds datetime64"),
    ],
)
def test_arrays_that_are_no_labels_are_refused_with_what_they_hold(saved, array, told):
    with pytest.raises(ShopsimError, match=f"'labels.npy' .*{told}"):
        read_labels(saved(array))


@pytest.mark.parametrize(
    "data",
    [
        npy_bytes(np.array([{}, 1], object), allow_pickle=True),
        b"",
        b"1\n2\n",
        SOUND[:-8],
        SOUND[:20],
        SOUND.replace(b"(3,)", b"((3,"),
        SOUND.replace(b"(3,), }          ", b"(3000000000000,)}", 1),
        SOUND.replace(b"(3,)", b"(-3)"),
        SOUND.replace(b"'shape'", b"exit(1)"),
        b"\x93NUMPY\x09\x00" + SOUND[8:],
        npy_bytes(np.array(["a"]))[:-1] + b"\x7f",
    ],
    ids=[
        "pickled",
        "empty",
        "text",
        "cut",
        "header cut",
        "bracket",
        "huge",
        "negative",
        "code",
        "version",
        "no letter",
    ],
)
def test_damaged_arrays_are_refused_in_a_sentence(tmp_path, data):
    (tmp_path / "labels.npy").write_bytes(data)
    with pytest.raises(ShopsimError, match=r"'labels\.npy'"):
        read_labels(tmp_path / "labels.npy")


@pytest.mark.parametrize(
    ("array", "models"),
    [
        (np.array([4.0, np.nan, 4.0]), ["4", None, "4"]),
        (np.array([[4], [-1], [4]]), ["4", None, "4"]),
        (np.array([["c.png", "x"], ["./a.png", "y"]]), ["y", None, "x"]),
    ],
)
def test_an_array_tells_the_true_models_of_a_folder(saved, tmp_path, array, models):
    folder = photo_folder(tmp_path / "photos", ["a.png", "b.png", "c.png"])
    catalog = load_catalog(folder, labels=saved(array), cache=tmp_path / "cache")
    assert [image.model for image in catalog.images] == models


def test_an_array_scores_on_the_command_line(saved, run_json):
    true, pred = saved(np.array(["a", "a", "b", "b"]), "true.npy"), saved(np.array([[0], [0], [1], [1]]), "pred.npy")
    assert run_json("evaluate", true, pred)["ari"] == 1
