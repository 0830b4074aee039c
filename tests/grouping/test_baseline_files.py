"""The files of the public baseline: written with these very bytes, and whole."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shopsim import ShopsimError
from shopsim.catalog.labels.label_files import read_labels
from shopsim.grouping.baseline_files import write_baseline_files

GOLDEN_FILES = {
    "img_paths.txt": b"photos/01_1_0.jpg\nphotos/01_2_0.jpg\nphotos/\xea\xb0\x80\tb.jpg\n",
    "features.tsv": b"0.5\t-1\t0.100000001\n0\t1\t2\n3\t4\t5\n",
    "labels_pred.txt": b"0\n0\n1\n",
    "labels_pred.tsv": b"0\n0\n1\n",
    "labels_true.txt": b"01\n\n1\n",
    "labels_true.tsv": b"01\n\n1\n",
    "metadata.tsv": b"image_id\tmodel\tproduct\tgroup\n01_1_0.jpg\t01\t1\t0\n01_2_0.jpg\t\t2\t0\n"
    b"\xea\xb0\x80 b.jpg\t1\t\t1\n",
}


def write_golden(folder, models=("01", None, "1"), image_ids=("01_1_0.jpg", "01_2_0.jpg", "가\tb.jpg"), raw=False):
    return write_baseline_files(
        folder,
        paths=[f"photos/{image_id}" for image_id in image_ids],
        image_ids=list(image_ids),
        features=np.array([[0.5, -1, 0.1], [0, 1, 2], [3, 4, 5]], dtype=np.float32),
        models=list(models),
        products=["1", "2", None],
        labels_pred=np.array([0, 0, 1]),
        raw=raw,
    )


def test_baseline_files_have_these_very_bytes(tmp_path):
    written = write_golden(tmp_path)
    assert sorted(written) == sorted(tmp_path.iterdir())
    for name, content in GOLDEN_FILES.items():
        assert (tmp_path / name).read_bytes() == content, name


def test_names_in_files_that_a_spreadsheet_opens_are_guarded(tmp_path):
    write_golden(tmp_path, models=("=1+1", " +b", "01"), image_ids=("-1.jpg", "b.jpg", "c;@d.jpg"))
    assert (tmp_path / "metadata.tsv").read_text("utf-8").splitlines()[1:] == [
        "'-1.jpg\t'=1+1\t1\t0",
        "b.jpg\t' +b\t2\t0",
        "c;'@d.jpg\t01\t\t1",
    ]
    assert (tmp_path / "labels_true.tsv").read_text("utf-8") == "'=1+1\n' +b\n01\n"
    # What other programs read line by line stays as it is.
    assert (tmp_path / "labels_true.txt").read_text("utf-8") == "=1+1\n +b\n01\n"
    assert (tmp_path / "img_paths.txt").read_text("utf-8").splitlines()[0] == "photos/-1.jpg"
    assert read_labels(tmp_path / "labels_true.tsv") == read_labels(tmp_path / "labels_true.txt")


def test_raw_guards_no_name(tmp_path):
    write_golden(tmp_path, models=("=1+1", " +b", "01"), raw=True)
    assert "\t=1+1\t" in (tmp_path / "metadata.tsv").read_text("utf-8")
    assert (tmp_path / "labels_true.tsv").read_bytes() == (tmp_path / "labels_true.txt").read_bytes()


@pytest.mark.parametrize("name", ["a\nb.jpg", "a\rb.jpg", "a\\b.jpg", "photo "])
def test_a_path_that_would_be_read_as_another_one_is_refused(tmp_path, name):
    with pytest.raises(ShopsimError, match="rename it to a path without line ends") as refused:
        write_golden(tmp_path / "out", image_ids=("1.jpg", name, "2.jpg"))
    assert str(refused.value).startswith(repr(f"photos/{name}"))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("models", "said"),
    [
        (("a\nb", "a b", None), r"'a b' and 'a\\nb'"),
        (("a\tb", None, "a\nb"), r"'a\\nb' and 'a\\tb'"),
        (("1", "1.0", None), "'1.0' and '1'"),
        (("1", "NAN", None), "'NAN' and no model"),
        (("a;", ";", None), "';' and no model"),
    ],
)
def test_models_that_would_be_read_as_one_are_refused(tmp_path, models, said):
    with pytest.raises(ShopsimError, match=f"^The models {said} are the same line of labels_true.txt; rename one"):
        write_golden(tmp_path, models=models)


def test_a_model_with_a_line_end_alone_is_one_line(tmp_path):
    write_golden(tmp_path, models=("a\nb", None, "c"))
    assert (tmp_path / "labels_true.txt").read_text() == "a b\n\nc\n"


def test_baseline_arrays_load_without_pickle(tmp_path):
    write_golden(tmp_path)
    features = np.load(tmp_path / "features.npy", allow_pickle=False)
    assert features.dtype == np.float32
    np.testing.assert_array_equal(features, np.loadtxt(tmp_path / "features.tsv", dtype=np.float32))
    for name, labels in {"labels_pred.npy": [0, 0, 1], "labels_true.npy": [0, -1, 1]}.items():
        array = np.load(tmp_path / name, allow_pickle=False)
        assert array.dtype == np.int64
        assert array.tolist() == labels


def test_photos_without_models_get_no_true_labels(tmp_path):
    written = write_golden(tmp_path, models=[None] * 3)
    assert not any("labels_true" in path.name for path in written)
    assert not list(tmp_path.glob("labels_true*"))


def test_true_labels_of_an_earlier_export_do_not_stay_behind_unseen(tmp_path):
    write_golden(tmp_path)
    with pytest.raises(ShopsimError, match=r"holds labels_true.npy of an earlier export"):
        write_golden(tmp_path, models=[None] * 3)


def test_no_photos_give_empty_files(tmp_path):
    write_baseline_files(tmp_path, [], [], np.zeros((0, 4), np.float32), [], [], np.array([], dtype=int))
    assert np.load(tmp_path / "features.npy").shape == (0, 4)
    assert (tmp_path / "img_paths.txt").read_bytes() == (tmp_path / "features.tsv").read_bytes() == b""


def test_arguments_of_different_length_are_refused(tmp_path):
    with pytest.raises(ValueError, match="one entry per photo"):
        write_baseline_files(tmp_path, ["a"], ["a"], np.zeros((2, 4)), ["m"], [None], np.array([0]))


@given(rows=st.lists(st.lists(st.floats(width=32, allow_nan=False), min_size=3, max_size=3), min_size=1, max_size=4))
def test_feature_text_gives_the_same_float32_back(tmp_path_factory, rows):
    folder, features = tmp_path_factory.mktemp("baseline"), np.array(rows, dtype=np.float32)
    names = ["a"] * len(rows)
    write_baseline_files(folder, names, names, features, names, names, np.zeros(len(rows), dtype=int))
    read = [[np.float32(cell) for cell in line.split("\t")] for line in (folder / "features.tsv").open()]
    np.testing.assert_array_equal(np.array(read), features)
