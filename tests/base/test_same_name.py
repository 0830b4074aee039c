"""One way from a written path to a photo, whoever wrote it."""

import unicodedata

import pytest

from shopsim.base.same_name import NameIndex, plain_path, told_apart


def decomposed(text):
    return unicodedata.normalize("NFD", text)


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("a.jpg", "a.jpg"),
        (" ./m1\\a.jpg ", "m1/a.jpg"),
        (".\\.\\m1//a.jpg", "m1/a.jpg"),
        ("m1/./a.jpg", "m1/a.jpg"),
        ("m1/../m2/a.jpg", "m2/a.jpg"),
        ("../a.jpg", "../a.jpg"),
        ("//photos//a.jpg", "/photos/a.jpg"),
        (decomposed("가방\\é.jpg"), "가방/é.jpg"),
        ("  ", ""),
    ],
)
def test_a_written_path_has_one_spelling(written, plain):
    assert plain_path(written) == plain


def test_names_of_another_unicode_form_are_told_apart_by_a_number():
    assert told_apart([decomposed("m/é.jpg"), "m/é.jpg", "m/é (2).jpg", "a.jpg"]) == {
        decomposed("m/é.jpg"): "m/é (3).jpg",
        "m/é.jpg": "m/é.jpg",
        "m/é (2).jpg": "m/é (2).jpg",
        "a.jpg": "a.jpg",
    }


def test_a_name_in_another_form_is_only_composed():
    assert told_apart([decomposed("é.jpg")]) == {decomposed("é.jpg"): "é.jpg"}


@pytest.mark.parametrize(
    "written", ["가방/a.jpg", decomposed("가방/a.jpg"), "./가방\\a.jpg", "가방//a.jpg", "x/../가방/a.jpg"]
)
def test_a_photo_is_found_however_it_is_written(written):
    assert NameIndex(["가방/a.jpg", "b.jpg"]).find(written) == "가방/a.jpg"


def test_names_are_found_letter_for_letter_first():
    names = ["m\\a.jpg", "m/a.jpg", " b.jpg", "b.jpg"]
    assert [NameIndex(names).find(name) for name in names] == names
    twins = NameIndex(["é.jpg", "é (2).jpg"], spellings={"é.jpg": "é.jpg", decomposed("é.jpg"): "é (2).jpg"})
    assert [twins.find(name) for name in ("é.jpg", decomposed("é.jpg"), "é (2).jpg", "./é.jpg")] == [
        "é.jpg",
        "é (2).jpg",
        "é (2).jpg",
        "é.jpg",
    ]


@pytest.fixture
def index(tmp_path):
    """Of a folder of decomposed name, with a link to it and one to a folder within."""
    folder = tmp_path.resolve() / decomposed("é")
    (folder / "m").mkdir(parents=True)
    (tmp_path / "link").symlink_to(folder)
    (folder / "inner").symlink_to(folder / "m")
    return NameIndex(["m/a.jpg"], folder)


@pytest.mark.parametrize(
    "written",
    [
        "{top}/é/m/a.jpg",
        "{top}//é/./m\\a.jpg",
        "{top}/" + decomposed("é") + "/m/a.jpg",
        "{top}/link/m/a.jpg",
        "{top}/link/inner/a.jpg",
        "../link/m/a.jpg",
        "../é/m/a.jpg",
    ],
)
def test_paths_that_come_back_into_the_folder_are_found(index, tmp_path, written):
    written = written.format(top=tmp_path.resolve())
    assert index.find(written) == "m/a.jpg"
    assert not index.leads_out(written)


@pytest.mark.parametrize(
    "written",
    [
        "/etc/m/a.jpg",
        "../m/a.jpg",
        "{top}/m/a.jpg",
        "{top}/é2/m/a.jpg",
        "C:\\m\\a.jpg",
        "/a\0b/a.jpg",
        "/" + "x" * 5000,
    ],
)
def test_paths_out_of_the_folder_are_not_found(index, tmp_path, written):
    written = written.format(top=tmp_path.resolve())
    assert index.find(written) is None
    assert index.leads_out(written)


def test_absolute_names_are_found_by_what_they_are_below_the_folder(tmp_path):
    index = NameIndex([f"{tmp_path}/a.jpg", "/elsewhere/b.jpg"], tmp_path)
    assert index.find("a.jpg") == f"{tmp_path}/a.jpg"
    assert index.find("/elsewhere//b.jpg") == "/elsewhere/b.jpg"
    assert index.find("b.jpg") is None
