"""A person's words find photos, on the map and in the list of groups."""

import unicodedata
from pathlib import Path

import numpy as np
import pytest

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.grouping.search import find_photos

IMAGES = [
    ("bags/101_1_0.jpg", "101"),
    ("bags/101_1_1.jpg", "101"),
    ("bags/102_2_0.jpg", "102"),
    ("shoes/가방.jpg", "7"),
    ("shoes/x.jpg", None),
]
CATALOG = Catalog(
    "some",
    Path(),
    "table",
    "",
    tuple(CatalogImage(image_id, Path(image_id), "", model) for image_id, model in IMAGES),
    model_names={"101": "Hobo Bag", "102": "Tote Bag"},
)
LABELS_PRED = np.array([0, 0, 1, 7, 2])


def found(text):
    return np.flatnonzero(find_photos(CATALOG, LABELS_PRED, text).rows).tolist()


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        ("hobo bag", [0, 1]),
        ("101", [0, 1]),
        ("BAG", [0, 1, 2]),
        ("102_2", [2]),
        ("가방", [3]),
        ("shoes/", [3, 4]),
        ("group 0", [0, 1]),
        ("Group 7", [3]),
        ("#2", [4]),
        ("2", [4]),
        ("group 99", []),
        ("nothing like it", []),
        ("*", []),
        ("[", []),
    ],
)
def test_words_mean_a_model_a_group_or_a_part_of_a_name(text, rows):
    assert found(text) == rows


def test_a_name_is_found_however_its_letters_are_spelled():
    decomposed = unicodedata.normalize("NFD", "가방")
    assert decomposed != "가방"
    assert found(decomposed) == [3]
    mac = Catalog("mac", Path(), "plain", "", (CatalogImage(f"{decomposed}.jpg", Path(), "", decomposed),))
    for text in ("가방", "가", "가방.jpg"):
        assert find_photos(mac, np.zeros(1, dtype=np.int64), text).rows.all()


def test_a_model_id_comes_before_a_group_of_that_number():
    assert found("7") == [3]
    assert "model" in find_photos(CATALOG, LABELS_PRED, "7").what


def test_how_the_words_were_read_is_said():
    assert find_photos(CATALOG, LABELS_PRED, " Hobo bag ").what == "of model Hobo Bag"
    assert find_photos(CATALOG, LABELS_PRED, "2").what == "in group 2"


def test_a_number_with_zeros_in_front_is_text_not_a_group():
    assert "file name" in find_photos(CATALOG, LABELS_PRED, "02").what


def test_no_photos_give_no_finds():
    nothing = Catalog("none", Path(), "plain", "", ())
    assert find_photos(nothing, np.zeros(0, dtype=np.int64), "3").rows.tolist() == []
