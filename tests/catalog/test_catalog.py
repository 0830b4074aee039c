"""Catalogues: opened from folders, described, narrowed, compared."""

import unicodedata

import numpy as np
import pytest
from catalog_fixtures import SHARED_DATA, photo_bytes, photo_folder, reasons, write_photo

from shopsim import ShopsimError
from shopsim.catalog.changes import describe_changes
from shopsim.catalog.open_folder import load_catalog, place_state


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def opened(folder, cache, **options):
    return load_catalog(folder, cache=cache, **options)


def test_labels_number_the_sorted_models_and_stay_text(folder, cache):
    photo_folder(folder, ["2_1_1.jpg", "01_1_1.jpg", "1_1_1.jpg", "1_1_2.jpg"])
    catalog = opened(folder, cache)
    assert catalog.models == ("01", "1", "2")
    assert catalog.image_ids == ("01_1_1.jpg", "1_1_1.jpg", "1_1_2.jpg", "2_1_1.jpg")
    assert catalog.labels_true.dtype == np.int64
    assert catalog.labels_true.tolist() == [0, 1, 1, 2]
    assert catalog.photos_per_model() == (1, 1.0, 2)


def test_unlabelled_catalogue_has_no_labels(folder, cache):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    catalog = opened(folder, cache)
    assert catalog.labels_true is None
    assert catalog.photos_per_model() == (0, 0.0, 0)


def test_half_labelled_table_marks_the_unlabelled(folder, cache):
    photo_folder(folder, ["a.jpg", "b.jpg", "c.jpg"])
    (folder / "catalog.csv").write_text("path,model\na.jpg,x\nb.jpg,\nc.jpg,x\n")
    assert opened(folder, cache).labels_true.tolist() == [0, -1, 0]


def test_empty_folder_is_an_empty_catalogue(folder, cache):
    catalog = opened(folder, cache)
    assert catalog.images == ()
    assert catalog.reason == "it holds no photos"
    assert catalog.labels_true is None


def test_single_photo_opens(folder, cache):
    write_photo(folder / "a.jpg")
    assert opened(folder, cache).image_ids == ("a.jpg",)


@pytest.mark.parametrize("place", ["", " ", "missing", "a.jpg", "a\0b", "x" * 5000, "~nobody-of-that-name/photos"])
def test_what_is_no_folder_is_said(tmp_path, cache, place):
    write_photo(tmp_path / "a.jpg")
    place = tmp_path / place if place.strip() and place[0] != "~" else place
    with pytest.raises(ShopsimError):
        opened(place, cache)
    assert isinstance(place_state(tmp_path / "a.jpg"), str)


def test_every_file_left_out_is_listed_with_its_reason(folder, cache):
    photo_folder(folder, ["a.jpg", "b.PNG"])
    (folder / "cut.jpg").write_bytes(photo_bytes()[:200])
    (folder / "empty.jpg").touch()
    (folder / "page.jpg").write_text("<html>")
    (folder / "notes.txt").touch()
    (folder / "noext").touch()
    (folder / ".DS_Store").touch()
    write_photo(folder / ".hidden.jpg")
    write_photo(folder / ".git" / "c.jpg")
    write_photo(folder / "__MACOSX" / "d.jpg")
    write_photo(folder / "@eaDir" / "a.jpg" / "SYNOPHOTO_THUMB_M.jpg")
    write_photo(folder / "$RECYCLE.BIN" / "e.jpg")
    (folder / "more").mkdir()
    (folder / "more" / "labels.csv").touch()
    (folder / "gone.jpg").symlink_to(folder / "nowhere.jpg")
    catalog = opened(folder, cache)
    assert catalog.image_ids == ("a.jpg", "b.PNG")
    told = reasons(catalog)
    assert list(told) == sorted(told)
    assert "truncated" in told.pop("cut.jpg")
    assert "empty" in told.pop("empty.jpg")
    assert "web page" in told.pop("page.jpg")
    assert told == {
        ".DS_Store": "a file of the operating system",
        ".git/": "a folder hidden or of the system",
        ".hidden.jpg": "a hidden file",
        "$RECYCLE.BIN/": "a folder hidden or of the system",
        "@eaDir/": "a folder hidden or of the system",
        "more/labels.csv": "read only where it lies beside the photos, at the top of the folder",
        "__MACOSX/": "a folder hidden or of the system",
        "gone.jpg": "a link to nothing",
        "noext": "not a photo of a supported format (no suffix)",
        "notes.txt": "not a photo of a supported format (.txt)",
    }


def test_name_of_stray_bytes_is_left_out_with_its_reason(folder, cache):
    write_photo(folder / "a.jpg")
    bad = folder / b"\xff\xfe.jpg".decode("utf-8", "surrogateescape")
    try:
        bad.write_bytes(photo_bytes(1))
    except OSError:
        pytest.skip("this file system refuses such names")
    catalog = opened(folder, cache)
    assert catalog.image_ids == ("a.jpg",)
    assert [problem.reason for problem in catalog.problems] == ["its name is not valid Unicode; rename it"]
    catalog.problems[0].name.encode()


def test_korean_names_open_composed_or_decomposed(folder, cache):
    composed = "가방_빨강.jpg"
    decomposed = unicodedata.normalize("NFD", "구두_검정.jpg")
    photo_folder(folder, [composed, decomposed])
    (folder / "catalog.csv").write_text(
        f"path,model\n{unicodedata.normalize('NFD', composed)},가방\n{unicodedata.normalize('NFC', decomposed)},구두\n"
    )
    catalog = opened(folder, cache)
    assert {image.image_id: image.model for image in catalog.images} == {composed: "가방", "구두_검정.jpg": "구두"}
    assert {image.path.name for image in catalog.images} == {composed, decomposed}


def test_models_csv_gives_names_also_by_the_last_folder(folder, cache):
    photo_folder(folder, ["bags/m1/a.jpg", "bags/m2/b.jpg", "shoes/m3/c.jpg"])
    (folder / "models.csv").write_text("model_id,name\nm1,Tote\nbags/m2,Clutch\nunknown,Hat\n")
    catalog = opened(folder, cache)
    assert catalog.model_names == {"bags/m1": "Tote", "bags/m2": "Clutch"}
    assert catalog.model_name("bags/m1") == "Tote"
    assert catalog.model_name("shoes/m3") == "shoes/m3"
    assert catalog.model_name(None) == "no model"


def test_models_csv_may_call_its_columns_id_and_title(folder, cache):
    photo_folder(folder, ["1_1_1.jpg", "2_1_1.jpg"])
    (folder / "models.csv").write_text("id,title\n1,Bag\n")
    assert opened(folder, cache).model_names == {"1": "Bag"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("code,colour\n1,Bag\n", "it needs 'model_id'"),
        ("model_id,name\n1,Bag\n1,Shoe\n", "row 3 names model '1' again"),
        ("", "is empty"),
    ],
)
def test_bad_models_csv_is_told_and_keeps_nothing_from_opening(folder, cache, text, told):
    photo_folder(folder, ["1_1_1.jpg", "2_1_1.jpg"])
    (folder / "models.csv").write_text(text)
    catalog = opened(folder, cache)
    assert len(catalog.images) == 2
    assert told in reasons(catalog)["models.csv"]


def test_copies_are_counted_and_left_out_but_for_a_labelled_one(folder, cache):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    for name in ("c.jpg", "d.jpg"):
        write_photo(folder / name, seed=0)
    (folder / "catalog.csv").write_text("path,model\na.jpg,\nb.jpg,x\nc.jpg,y\nd.jpg,y\n")
    catalog = opened(folder, cache)
    assert catalog.copies == (("c.jpg", "d.jpg", "a.jpg"),)
    assert catalog.n_copies == 2
    assert catalog.without_copies().image_ids == ("b.jpg", "c.jpg")
    assert catalog.without_copies().n_copies == 0
    assert (folder / "d.jpg").is_file()


def test_subset_keeps_the_order_and_everything_else(folder, cache):
    photo_folder(folder, ["a.jpg", "b.jpg", "c.jpg"])
    (folder / "notes.txt").touch()
    catalog = opened(folder, cache)
    part = catalog.subset(["c.jpg", "a.jpg"])
    assert part.image_ids == ("a.jpg", "c.jpg")
    assert part.problems == catalog.problems
    assert part.position == {"a.jpg": 0, "c.jpg": 1}
    assert catalog.subset(["c.jpg", "b.jpg", "a.jpg"]) is catalog


def test_category_filters(folder, cache):
    photo_folder(folder, ["bags/1_1_1.jpg", "bags/1_1_2.jpg", "shoes/2_1_1.jpg"])
    catalog = opened(folder, cache)
    assert catalog.categories == ("bags", "shoes")
    assert catalog.in_category("bags").models == ("1",)


def test_digest_tells_labels_and_bytes_apart_but_not_places(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    twin = photo_folder(tmp_path / "twin", ["a.jpg", "b.jpg"])
    assert opened(folder, cache).digest == opened(twin, cache).digest
    (twin / "catalog.csv").write_text("path,model\na.jpg,x\nb.jpg,y\n")
    labelled = opened(twin, cache).digest
    write_photo(twin / "b.jpg", seed=9)
    assert len({opened(folder, cache).digest, labelled, opened(twin, cache).digest}) == 3


def test_changes_since_opening_are_told(folder, cache):
    photo_folder(folder, ["a.jpg", "b.jpg", "c.jpg"])
    before, state = opened(folder, cache), place_state(folder)
    assert describe_changes(before, opened(folder, cache)) == ""
    assert place_state(folder) == state
    write_photo(folder / "a.jpg", seed=7, age_s=30)
    (folder / "b.jpg").unlink()
    write_photo(folder / "d.jpg", seed=8)
    told = describe_changes(before, opened(folder, cache))
    assert told == "Photos in this folder since it was opened: 1 added, 1 changed, 1 deleted or no longer readable."
    assert place_state(folder) != state


def test_state_changes_with_the_labels_file_and_with_vectors(folder, tmp_path):
    labels = tmp_path / "labels.txt"
    states = [place_state(folder, labels)]
    labels.write_text("a\n")
    states.append(place_state(folder, labels))
    vectors = tmp_path / "v.npy"
    states.append(place_state(vectors))
    np.save(vectors, np.eye(2))
    states.append(place_state(vectors))
    for name in ("img_paths.txt", "labels_true.txt", "models.csv"):
        (tmp_path / name).write_text("a\nb\n")
        states.append(place_state(vectors))
    assert len(set(states)) == len(states)


@pytest.mark.photos
@pytest.mark.skipif(not SHARED_DATA.is_dir(), reason="../shared/data is not here")
@pytest.mark.parametrize(
    ("name", "form", "n_photos", "n_models"),
    [("grocery", "table", 5421, 81), ("shoe_pairs", "folders", 604, 302), ("dedupe_mini", "folders", 38, 11)],
)
def test_real_photos_open(tmp_path, name, form, n_photos, n_models):
    catalog = load_catalog(SHARED_DATA / name, cache=tmp_path)
    assert (catalog.form, len(catalog.images), len(catalog.models)) == (form, n_photos, n_models)
