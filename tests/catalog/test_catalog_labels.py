"""Labels and names that are given beside a folder, as its catalogue has them."""

import os

import pytest
from catalog_fixtures import photo_bytes, photo_folder, reasons

from shopsim import ShopsimError
from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "photos").mkdir()
    return tmp_path / "photos"


def opened(folder, cache, **options):
    return load_catalog(folder, cache=cache, **options)


def test_lines_of_labels_count_unreadable_photos_too(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "c.jpg"])
    (folder / "b.jpg").write_text("no photo")
    labels = tmp_path / "labels.txt"
    labels.write_text("A\nB\nC\n")
    catalog = opened(folder, cache, labels=labels)
    assert [image.model for image in catalog.images] == ["A", "C"]
    assert catalog.reason.endswith("true models come from 'labels.txt'")


def test_lines_of_labels_count_photos_of_unusable_names_too(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "z.jpg"])
    try:
        (folder / b"m\xff.jpg".decode("utf-8", "surrogateescape")).write_bytes(photo_bytes(1))
    except OSError:
        pytest.skip("this file system refuses such names")
    (tmp_path / "labels.txt").write_text("A\nM\nZ\n")
    catalog = opened(folder, cache, labels=tmp_path / "labels.txt")
    assert [image.model for image in catalog.images] == ["A", "Z"]


def test_empty_lines_are_no_labels_and_minus_one_is_a_model(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "b.jpg", "c.jpg"])
    (tmp_path / "labels.txt").write_text("7\n\n-1\n\n\n")
    catalog = opened(folder, cache, labels=tmp_path / "labels.txt")
    assert [image.model for image in catalog.images] == ["7", None, "-1"]


@pytest.mark.parametrize("lines", ["A\n", "A\nB\nC\n"])
def test_labels_of_another_length_are_refused_with_both_numbers(folder, cache, tmp_path, lines):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    (tmp_path / "labels.txt").write_text(lines)
    with pytest.raises(ShopsimError, match=r"has \d labels for 2 photos"):
        opened(folder, cache, labels=tmp_path / "labels.txt")


@pytest.mark.parametrize("name", ["missing.txt", "pipe", "photos", "x" * 5000])
def test_labels_that_are_no_file_are_refused(folder, cache, tmp_path, name):
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(ShopsimError, match="no file of labels"):
        opened(folder, cache, labels=tmp_path / name)


def test_table_of_labels_goes_by_path_and_replaces_the_form(folder, cache):
    photo_folder(folder, ["m1/a.jpg", "m2/b.jpg", "m2/c.jpg"])
    labels = folder / "labels.csv"
    labels.write_text("path,model\n./m2\\b.jpg,X\nm1/a.jpg,X\nelsewhere.jpg,Y\n")
    catalog = opened(folder, cache, labels=labels)
    assert [image.model for image in catalog.images] == ["X", "X", None]
    assert reasons(catalog) == {"labels.csv": "1 of its 3 rows name no photo here, 'elsewhere.jpg' for one"}


def test_table_of_labels_that_names_no_photo_is_refused(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    (tmp_path / "labels.csv").write_text("path,model\nimages/a.jpg,X\n")
    with pytest.raises(ShopsimError, match=r"names none of the 2 photos.*'images/a.jpg'.*'a.jpg'"):
        opened(folder, cache, labels=tmp_path / "labels.csv")


def test_table_of_labels_that_names_a_photo_twice_is_refused(folder, cache, tmp_path):
    photo_folder(folder, ["a.jpg", "b.jpg"])
    (tmp_path / "labels.csv").write_text("path,model\na.jpg,X\n./a.jpg,Y\n")
    with pytest.raises(ShopsimError, match="more than once"):
        opened(folder, cache, labels=tmp_path / "labels.csv")
