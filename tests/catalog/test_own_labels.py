"""A file of labels beside the photos tells their true models, in a folder as in an uploaded zip."""

import io
import zipfile

import numpy as np
import pytest
from catalog_fixtures import models, photo_bytes, photo_folder, reasons

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.zips.zips import unpack_zip
from shopsim.features.extract import own_features


@pytest.fixture
def opened(tmp_path):
    """A folder of photos with more files, opened."""

    def open_folder(names, files, **options):
        folder = photo_folder(tmp_path / "photos", names)
        for name, content in files.items():
            if isinstance(content, str):
                (folder / name).write_text(content, encoding="utf-8")
            else:
                np.save((folder / name).open("wb"), content)
        return load_catalog(folder, cache=tmp_path / "cache", **options)

    return open_folder


@pytest.mark.parametrize(
    "files",
    [
        {"labels_true.txt": "x\ny\n"},
        {"labels_true.tsv": "x\ny\n"},
        {"labels_true.npy": np.array(["x", "y"])},
        {"labels_true.csv": "path;model\nb.jpg;y\na.jpg;x\n"},
        {"labels.csv": "path,model\na.jpg,x\nb.jpg,y\n"},
        {"Labels.CSV": "Path,Model\na.jpg,x\nb.jpg,y\n"},
        {"labels.npy": np.array([["a.jpg", "x"], ["b.jpg", "y"]])},
    ],
    ids=lambda files: next(iter(files)),
)
def test_labels_beside_the_photos_tell_their_models(opened, files):
    catalog = opened(["a.jpg", "b.jpg"], files)
    assert models(catalog) == ["x", "y"]
    assert catalog.problems == ()
    assert catalog.reason.endswith(f"true models come from '{next(iter(files))}'")


def test_labels_replace_what_folders_say_as_named_ones_do(opened):
    assert models(opened(["m1/a.jpg", "m2/b.jpg"], {"labels_true.txt": "x\nx\n"})) == ["x", "x"]


def test_a_table_that_tells_models_goes_first(opened):
    files = {"catalog.csv": "path,model\na.jpg,x\nb.jpg,y\n", "labels.txt": "p\nq\n"}
    catalog = opened(["a.jpg", "b.jpg"], files)
    assert models(catalog) == ["x", "y"]
    assert reasons(catalog) == {"labels.txt": "not used, since true models come from the table"}


def test_a_table_without_models_leaves_room_for_labels(opened):
    files = {"catalog.csv": "path,category\na.jpg,x\nb.jpg,y\n", "labels.txt": "p\nq\n"}
    catalog = opened(["a.jpg", "b.jpg"], files)
    assert models(catalog) == ["p", "q"]
    assert catalog.categories == ("x", "y")


@pytest.mark.parametrize("content", ["p\n", "path,model\nz.jpg,p\n", "path\ta\n", "\0"])
def test_labels_that_do_not_fit_are_told_and_keep_nothing_from_opening(opened, content):
    catalog = opened(["a.jpg", "b.jpg"], {"labels.txt": content})
    assert models(catalog) == [None, None]
    assert reasons(catalog)["labels.txt"].startswith("not used as true models: 'labels.txt' ")


def test_the_first_that_fits_is_used_and_the_others_are_told(opened):
    files = {"labels_true.txt": "p\n", "labels_true.npy": np.array(["x", "y"]), "labels.csv": "path,model\na.jpg,z\n"}
    catalog = opened(["a.jpg", "b.jpg"], files)
    assert models(catalog) == ["x", "y"]
    assert list(reasons(catalog)) == ["labels.csv", "labels_true.txt"]
    assert reasons(catalog)["labels.csv"] == "not used, since true models come from 'labels_true.npy'"


def test_a_named_file_goes_before_those_beside_the_photos(opened, tmp_path):
    (tmp_path / "mine.txt").write_text("p\nq\n")
    catalog = opened(["a.jpg", "b.jpg"], {"labels_true.txt": "x\ny\n"}, labels=tmp_path / "mine.txt")
    assert models(catalog) == ["p", "q"]
    assert reasons(catalog) == {"labels_true.txt": "not used, since true models come from 'mine.txt'"}


def test_a_named_file_beside_the_photos_is_no_problem(opened, tmp_path):
    catalog = opened(["a.jpg", "b.jpg"], {"labels.txt": "x\ny\n"}, labels=tmp_path / "photos" / "labels.txt")
    assert models(catalog) == ["x", "y"]
    assert catalog.problems == ()


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


PHOTOS = {"a.jpg": photo_bytes(1), "b.jpg": photo_bytes(2)}
VECTORS = {"features.npy": npy(np.array([[3.0, 0], [0, 5]])), "img_paths.txt": b"b.jpg\na.jpg\n"}
ZIPS = {
    "labels.csv": (PHOTOS | {"labels.csv": b"path;model\nb.jpg;y\na.jpg;x\n"}, "plain"),
    "labels_true.npy": (PHOTOS | {"labels_true.npy": npy(np.array(["x", "y"]))}, "plain"),
    "Labels_True.TXT": (PHOTOS | {"Labels_True.TXT": b"x\r\ny\r\n"}, "plain"),
    "vectors": (PHOTOS | VECTORS | {"labels_true.txt": b"y\nx\n"}, "vectors"),
    "vectors and labels of paths": (
        PHOTOS | VECTORS | {"labels_true.csv": b"path,model\na.jpg,x\nb.jpg,y\n"},
        "vectors",
    ),
    "vectors alone": (VECTORS | {"labels_true.npy": npy(np.array(["y", "x"]))}, "vectors"),
    "vectors of another name": (
        {"mine.NPY": VECTORS["features.npy"], "Img_Paths.txt": VECTORS["img_paths.txt"], "labels.tsv": b"y\nx\n"},
        "vectors",
    ),
}


@pytest.mark.parametrize("top", ["", "photos/"])
@pytest.mark.parametrize("kind", ZIPS)
def test_labels_and_vectors_of_a_zip_are_used_as_in_a_folder(tmp_path, kind, top):
    files, form = ZIPS[kind]
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    assert unpack_zip(data, tmp_path / "upload").problems == ()
    catalog = load_catalog(tmp_path / "upload", cache=tmp_path / "cache")
    assert catalog.form == form
    assert {image.image_id: image.model for image in catalog.images} == {"a.jpg": "x", "b.jpg": "y"}
    if form == "vectors":
        assert own_features(catalog).raw.tolist() == [[0, 5], [3, 0]]
