"""Byte-equal photos under different models: counted, told, and scored as asked."""

from pathlib import Path

import pytest

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.catalog.labels.contradictions import contradiction_sentence, settle

# Two photos of three files: 'x' is filed under m1, m2 and, unlabelled, once more; 'y' twice under m3.
PHOTOS = [
    ("a.jpg", "x", None),
    ("b.jpg", "x", "m1"),
    ("c.jpg", "x", "m2"),
    ("d.jpg", "x", "m2"),
    ("e.jpg", "y", "m3"),
    ("f.jpg", "y", "m3"),
    ("g.jpg", "z", "m1"),
]


def catalog(photos=PHOTOS):
    images = tuple(CatalogImage(name, Path(name), digest, model) for name, digest, model in photos)
    return Catalog("photos", Path("photos"), "table", "", images)


def models(found):
    return {image.image_id: image.model for image in found.images}


def test_contradicting_sets_and_their_labelled_photos_are_counted():
    found = catalog()
    assert found.contradictions == (("b.jpg", "c.jpg", "d.jpg", "a.jpg"),)
    assert found.n_contradicted == 3
    assert catalog(PHOTOS[:2] + PHOTOS[4:]).n_contradicted == 0


def test_the_sentence_gives_the_number_and_an_example():
    assert contradiction_sentence(catalog()) == (
        "3 byte-equal photos are filed under different models, such as 'b.jpg' under 'm1' and 'c.jpg' under 'm2': "
        "labels of each set cannot all be right."
    )
    assert contradiction_sentence(catalog(PHOTOS[4:])) == ""


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (None, [None, "m1", "m2", "m2", "m3", "m3", "m1"]),
        ("both", [None, "m1", "m2", "m2", "m3", "m3", "m1"]),
        ("first", [None, "m1", None, None, "m3", "m3", "m1"]),
        ("unscored", [None, None, None, None, "m3", "m3", "m1"]),
    ],
)
def test_with_copies_each_way_settles_which_models_count(way, expected):
    settled = settle(catalog(), way=way)
    assert list(models(settled).values()) == expected
    assert settled.n_contradicted == 3


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (None, {"b.jpg": "m1", "e.jpg": "m3", "g.jpg": "m1"}),
        ("first", {"b.jpg": "m1", "e.jpg": "m3", "g.jpg": "m1"}),
        ("both", {"b.jpg": "m1", "c.jpg": "m2", "e.jpg": "m3", "g.jpg": "m1"}),
        ("unscored", {"a.jpg": None, "e.jpg": "m3", "g.jpg": "m1"}),
    ],
)
def test_without_copies_each_way_keeps_what_it_says(way, expected):
    settled = settle(catalog(), copies=False, way=way)
    assert models(settled) == expected
    assert settled.n_contradicted == 3


def test_a_catalogue_without_contradictions_stays_as_it_is():
    found = catalog(PHOTOS[4:])
    assert settle(found, way="unscored") is found


@pytest.fixture
def contradicting(tiny_catalog):
    """The tiny catalogue, in which one photo of model 101 is filed under 201 too."""
    photo = sorted((tiny_catalog / "bags").iterdir())[0]
    (tiny_catalog / "shoes" / "201_99_99.png").write_bytes(photo.read_bytes())
    return tiny_catalog


@pytest.mark.parametrize(
    ("options", "n_images", "n_labelled", "n_copies"),
    [
        ((), 17, 17, 1),
        (("--contradicted", "first"), 17, 16, 1),
        (("--contradicted", "unscored"), 17, 15, 1),
        (("--no-copies",), 16, 16, 0),
        (("--no-copies", "--contradicted", "both"), 17, 17, 1),
        (("--no-copies", "--contradicted", "unscored"), 16, 15, 0),
    ],
)
def test_group_counts_them_whatever_is_chosen(contradicting, group, options, n_images, n_labelled, n_copies):
    found = group(*options)
    assert (found["n_images"], found["n_labelled"], found["n_copies"]) == (n_images, n_labelled, n_copies)
    assert found["n_contradicted"] == 2


def test_no_contradiction_is_none(group):
    assert group()["n_contradicted"] == 0


@pytest.mark.parametrize("command", ["group", "extract", "export", "review"])
def test_every_command_says_it(contradicting, run, fake_extractor, tmp_path, command):
    out = () if command == "extract" else ("--out", tmp_path / "out")
    code, told, said = run(command, contradicting, "--extractor", "fake", "--no-copies", *out)
    assert code == 0, said
    assert "2 byte-equal photos are filed under different models, such as 'bags/101_1_0.png' under '101' and " in said
    assert "Here the model of the first photo by path counts; --contradicted chooses among both, first" in said
    assert command == "extract" or "2 byte-equal photos are filed under different models." in told


@pytest.mark.parametrize("command", ["benchmark", "compare"])
def test_commands_without_the_option_say_it_too(contradicting, run, fake_extractor, command):
    _, _, said = run(command, contradicting, "--extractor" if command == "benchmark" else "--extractors", "fake")
    assert "2 byte-equal photos are filed under different models" in said
