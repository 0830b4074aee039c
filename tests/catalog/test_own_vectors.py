"""Catalogues that bring their own vectors."""

import io

import numpy as np
import pytest
from catalog_fixtures import photo_folder, reasons, write_photo

from shopsim import ShopsimError
from shopsim.base.disk.store import Store
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import own_features
from shopsim.grouping.fit import fit
from shopsim.grouping.recipe import Recipe


def test_rows_follow_the_photos_whatever_their_order_in_the_file(bring, tmp_path):
    photo_folder(tmp_path / "own", ["b.jpg", "a.jpg", "c.jpg"])
    catalog = bring(np.array([[0.0, 2], [3, 0], [5, 5]]), ["b.jpg", "a.jpg", "c.jpg"])
    features = own_features(catalog)
    assert catalog.form == "vectors"
    assert catalog.problems == ()
    assert features.image_ids == catalog.image_ids == ("a.jpg", "b.jpg", "c.jpg")
    assert features.raw.tolist() == [[3, 0], [0, 2], [5, 5]]
    np.testing.assert_allclose(np.linalg.norm(features.vectors, axis=1), 1, rtol=1e-6)


@pytest.mark.parametrize("dtype", ["float16", "float32", ">f4", "float64", "int64", "uint8"])
def test_any_numbers_become_float32(bring, dtype):
    features = own_features(bring(np.array([[1, 2], [3, 4]], dtype), ["a.jpg", "b.jpg"]))
    assert features.raw.dtype == np.float32
    assert features.raw.tolist() == [[1, 2], [3, 4]]


def test_columns_first_arrays_are_read_too(bring):
    vectors = np.asfortranarray(np.arange(6.0).reshape(3, 2))
    assert own_features(bring(vectors + 1, "abc")).raw.tolist() == [[1, 2], [3, 4], [5, 6]]


def test_numbers_too_large_or_small_for_float32_keep_their_direction(bring):
    vectors = own_features(bring(np.array([[3e300, 4e300], [3e-300, 4e-300], [3, 4], [3e-5, 4e-5]]), "abcd")).vectors
    np.testing.assert_allclose(vectors, [[0.6, 0.8]] * 4, rtol=1e-6)


def test_rows_without_direction_are_left_out_with_their_reason(bring):
    rows = [[1, 0], [np.nan, 1], [0, 0], [np.inf, 1]]
    features = own_features(bring(np.array(rows), ["a", "b", "c", "d"]))
    assert features.image_ids == ("a",)
    assert [problem.name for problem in features.problems] == ["b", "c", "d"]
    assert "not a finite number" in features.problems[0].reason


@pytest.mark.filterwarnings("error")
def test_numbers_too_large_for_float64_keep_their_direction(bring):
    rows = np.array([[3, 4], [1, 0]], np.longdouble)
    rows[0] *= np.longdouble("1e4000")
    np.testing.assert_allclose(own_features(bring(rows, "ab")).vectors, [[0.6, 0.8], [1, 0]], rtol=1e-6)


def test_photos_that_are_not_at_hand_stay_in_by_their_vectors(bring):
    catalog = bring(np.eye(2), ["there/a.jpg", "b.jpg"])
    assert catalog.n_copies == 0
    reason = "no picture: there is no such file; it is grouped by its vector"
    assert reasons(catalog) == {"b.jpg": reason, "there/a.jpg": reason}
    assert catalog.n_left_out == 0
    assert own_features(catalog).image_ids == ("b.jpg", "there/a.jpg")


def test_broken_photo_stays_in_by_its_vector(bring, tmp_path):
    write_photo(tmp_path / "own" / "a.jpg")
    (tmp_path / "own" / "b.jpg").write_text("no photo")
    catalog = bring(np.eye(2), ["a.jpg", "b.jpg"])
    assert len(catalog.images) == 2
    assert list(reasons(catalog)) == ["b.jpg"]


def test_copies_are_found_among_the_photos_at_hand(bring, tmp_path):
    for name in ("a.jpg", "b.jpg"):
        write_photo(tmp_path / "own" / name, seed=1)
    assert bring(np.eye(2), ["a.jpg", "b.jpg"]).n_copies == 1


@pytest.mark.parametrize(("labels", "models"), [(None, [None, None]), ("y\nx\n", ["x", "y"]), ("-1\n3\n", ["3", "-1"])])
def test_labels_beside_the_vectors_are_in_the_order_of_the_rows(bring, labels, models):
    catalog = bring(np.eye(2), ["b.jpg", "a.jpg"], labels)
    assert [image.model for image in catalog.images] == models


def test_contest_names_tell_the_models_of_vectors(bring):
    catalog = bring(np.eye(2), ["/data/images/7_2_1.jpg", "/data/images/07_2_1.jpg"])
    assert [(image.model, image.product) for image in catalog.images] == [("07", "2"), ("7", "2")]


def test_labels_given_replace_those_beside_the_vectors(bring, tmp_path):
    (tmp_path / "mine.csv").write_text("path,model\na.jpg,A\n")
    catalog = bring(np.eye(2), ["b.jpg", "a.jpg"], "y\nx\n", labels=tmp_path / "mine.csv")
    assert [image.model for image in catalog.images] == ["A", None]


def test_npy_opens_by_itself_too(bring, tmp_path):
    catalog = bring(np.eye(2), ["a", "b"], place=tmp_path / "own" / "features.npy")
    assert catalog.vectors_path == tmp_path / "own" / "features.npy"


def test_windows_paths_and_line_ends_are_understood(bring, tmp_path):
    write_photo(tmp_path / "own" / "m" / "a.jpg")
    folder = tmp_path / "own"
    np.save(folder / "features.npy", np.eye(2))
    (folder / "img_paths.txt").write_bytes("\ufeffm\\a.jpg\r\n가방.jpg\r\n".encode())
    catalog = load_catalog(folder, cache=tmp_path / "cache")
    assert catalog.image_ids == ("m/a.jpg", "가방.jpg")
    assert list(reasons(catalog)) == ["가방.jpg"]


@pytest.mark.parametrize(
    ("vectors", "told"),
    [
        (np.arange(2.0), r"float64 of shape \(2,\)"),
        (np.zeros((2, 2, 2)), r"shape \(2, 2, 2\)"),
        (np.zeros((2, 0)), r"shape \(2, 0\)"),
        (np.array([["a"], ["b"]]), "<U1"),
        (np.zeros((2, 2), complex), "complex128"),
        (np.zeros((2, 2), bool), "bool"),
        (np.zeros((3, 2)), "has 3 rows and 'img_paths.txt' 2 paths"),
        (np.float64(3), r"shape \(\)"),
    ],
)
def test_arrays_that_are_no_vectors_are_refused_with_their_shape(bring, vectors, told):
    with pytest.raises(ShopsimError, match=told):
        bring(vectors, ["a", "b"])


def npy_bytes(array, **options):
    buffer = io.BytesIO()
    np.save(buffer, array, **options)
    return buffer.getvalue()


def npz_bytes():
    buffer = io.BytesIO()
    np.savez(buffer, np.eye(2))
    return buffer.getvalue()


HUGE = npy_bytes(np.eye(2)).replace(b"(2, 2), }            ", b"(2, 99999999999999), }", 1)[:176]
DAMAGED = {
    "pickled": npy_bytes(np.array([[{}, 1]], object), allow_pickle=True),
    "empty": b"",
    "truncated": npy_bytes(np.eye(2))[:-8],
    "header cut": npy_bytes(np.eye(2))[:20],
    "zipped": npz_bytes(),
    "text": b"1 2\n3 4\n",
    "huge": HUGE,
    "negative": npy_bytes(np.eye(2)).replace(b"(2, 2), ", b"(-2, 2),"),
    "header of code": npy_bytes(np.eye(2)).replace(b"'shape'", b"exit(1)"),
    "later version": b"\x93NUMPY\x09\x00" + npy_bytes(np.eye(2))[8:],
}


@pytest.mark.parametrize("damage", DAMAGED)
def test_files_that_are_no_plain_array_are_refused_in_a_sentence(bring, tmp_path, damage):
    bring(np.eye(2), ["a", "b"])
    (tmp_path / "own" / "features.npy").write_bytes(DAMAGED[damage])
    with pytest.raises(ShopsimError, match=r"features\.npy"):
        load_catalog(tmp_path / "own", cache=tmp_path / "cache")


def test_photo_named_twice_is_refused(bring):
    with pytest.raises(ShopsimError, match="names 'a' twice"):
        bring(np.eye(2), ["a", "a"])


def test_vectors_without_paths_are_refused(tmp_path):
    np.save(tmp_path / "v.npy", np.eye(2))
    with pytest.raises(ShopsimError, match=r"No 'img_paths.txt' beside the vectors"):
        load_catalog(tmp_path / "v.npy", cache=tmp_path / "cache")


def test_several_arrays_ask_which_but_the_labels_of_the_baseline_do_not_count(tmp_path):
    (tmp_path / "img_paths.txt").write_text("a\nb\n")
    np.save(tmp_path / "one.npy", np.eye(2))
    np.save(tmp_path / "labels_pred.npy", np.zeros(2))
    assert load_catalog(tmp_path, cache=tmp_path / "cache").vectors_path.name == "one.npy"
    np.save(tmp_path / "two.npy", np.eye(2))
    with pytest.raises(ShopsimError, match=r"'one.npy', 'two.npy' as vectors; open the .npy itself"):
        load_catalog(tmp_path, cache=tmp_path / "cache")


def test_paths_without_vectors_are_a_folder_of_photos(tmp_path):
    photo_folder(tmp_path / "own", ["1_1_1.jpg", "2_1_1.jpg"])
    (tmp_path / "own" / "img_paths.txt").write_text("1_1_1.jpg\n")
    assert load_catalog(tmp_path / "own", cache=tmp_path / "cache").form == "contest"


def test_another_form_may_be_asked_for_beside_vectors(bring, tmp_path):
    photo_folder(tmp_path / "own", ["1_1_1.jpg", "2_1_1.jpg"])
    assert bring(np.eye(2), ["1_1_1.jpg", "2_1_1.jpg"], form="contest").form == "contest"


def test_no_vectors_at_all_are_an_empty_catalogue(bring):
    catalog = bring(np.zeros((0, 4), np.float32), [])
    assert catalog.images == ()
    assert own_features(catalog).raw.shape == (0, 4)


def test_vectors_changed_after_opening_are_noticed(bring, tmp_path):
    catalog = bring(np.eye(2), ["a", "b"])
    np.save(tmp_path / "own" / "features.npy", np.eye(2) * 2)
    with pytest.raises(ShopsimError, match="has changed since it was opened"):
        own_features(catalog)


def test_other_vectors_of_the_same_photos_are_another_catalogue(bring):
    one, two = bring(np.eye(2), ["a", "b"]), bring(np.eye(2) * 2, ["a", "b"])
    assert one.digest != two.digest
    assert own_features(bring(np.eye(2), ["a", "b"])).key != own_features(bring(np.eye(2) * 2, ["a", "b"])).key


def test_paths_changed_after_opening_are_noticed(bring, tmp_path):
    catalog = bring(np.eye(2), ["a", "b"])
    (tmp_path / "own" / "img_paths.txt").write_text("b\na\n")
    with pytest.raises(ShopsimError, match="has changed since it was opened"):
        own_features(catalog)


def test_the_same_numbers_in_another_order_of_photos_are_another_catalogue(bring):
    one, two = bring(np.eye(2), ["a", "b"]), bring(np.eye(2), ["b", "a"])
    assert one.digest != two.digest
    assert own_features(two).raw.tolist() == [[0, 1], [1, 0]]


def test_a_tree_of_another_order_of_photos_is_not_taken_from_the_store(bring, tmp_path):
    """Two pairs of equal rows: who is whose twin is told by the order of the paths alone."""
    rows, store = np.repeat(np.eye(2), 2, axis=0), Store(tmp_path / "cache")
    for names, groups in (("abcd", [0, 0, 1, 1]), ("acbd", [0, 1, 0, 1]), ("abcd", [0, 0, 1, 1])):
        catalog = bring(rows, names)
        fitted = fit(catalog, own_features(catalog), Recipe(space="raw"), store)
        assert fitted.group(0.5).labels_pred.tolist() == groups


def test_catalogue_without_vectors_has_none_to_give(tmp_path):
    photo_folder(tmp_path / "photos", ["a.jpg"])
    with pytest.raises(ShopsimError, match="brings no vectors of its own"):
        own_features(load_catalog(tmp_path / "photos", cache=tmp_path / "cache"))


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (
            ["a/20230415_113010_001.jpg", "b/20230415_113011_001.jpg"],
            "it has photos named by dates or times, as",
        ),
        (["a/1_1_1.jpg", "a/2_1_1.jpg", "b/2_1_2.jpg"], "it has file names and folders that give different models"),
    ],
)
def test_contest_names_that_something_speaks_against_give_no_true_models(bring, names, told):
    catalog = bring(np.eye(len(names), 4, dtype=np.float32), names)
    assert catalog.labels_true is None
    assert reasons(catalog)["img_paths.txt"].startswith(told)
