"""The Catalogs page on contradicting labels, and on an encoding that is a guess."""

import shutil

import pytest
from app_pages import address_of, as_read, go_to, no_traceback, open_page, sentences, settled, texts
from catalog_pages import catalogs, open_folder

from shopsim.ui.parts.recent import recent_catalogs

# Byte-equal photos under different models


@pytest.fixture
def contradicting(tiny_catalog):
    """The tiny catalogue, in which one photo of model 101 is filed under 201 too."""
    photo = sorted((tiny_catalog / "bags").iterdir())[0]
    shutil.copy(photo, tiny_catalog / "shoes" / "201_99_99.png")
    return tiny_catalog


def test_contradicting_copies_are_told_and_listed(contradicting):
    app = catalogs(contradicting)
    assert no_traceback(app)
    assert "2 byte-equal photos are filed under different models" in as_read(app.warning[0].value)
    table = next(table.value for table in app.dataframe if list(table.value) == ["files", "models"])
    assert table.values.tolist() == [["bags/101_1_0.png, shoes/201_99_99.png", "101, 201"]]


def test_the_sidebar_chooses_which_of_them_are_scored(contradicting):
    app = open_page("app.py", folder=contradicting)
    ways = next(box for box in app.selectbox if box.label == "2 byte-equal photos under different models")
    assert ways.value == "both"
    assert "2 byte-equal photos under different models" in texts(app)
    ways.set_value("unscored")
    settled(app)
    assert no_traceback(app)
    assert address_of(app)["contradicted"] == "unscored"
    linked = open_page("app.py", folder=contradicting, copies="0", contradicted="by magic")
    ways = next(box for box in linked.selectbox if box.label == "2 byte-equal photos under different models")
    assert ways.value == "first"
    assert "contradicted" not in address_of(linked)


# Tables and labels that are not UTF-8


def test_an_encoding_can_be_chosen_for_labels_and_is_kept(tiny_catalog, tmp_path, draw_photo):
    for number in range(2):
        draw_photo(tmp_path / "plain" / f"{number}.png", (50 * number, 90, 40), number)
    (tmp_path / "models.txt").write_bytes("Größe\nweiß\n".encode("cp1252"))
    app = open_folder(catalogs(tiny_catalog), tmp_path / "plain", labels=tmp_path / "models.txt")
    assert "'models.txt' was read as Western European, CP1252 ('Größe')" in texts(app)
    next(box for box in app.selectbox if box.label == "Encoding of tables and labels").set_value("cp1250")
    open_folder(app, tmp_path / "plain", labels=tmp_path / "models.txt")
    assert not sentences(app)
    assert "was read as" not in texts(app)
    assert recent_catalogs()[0].encoding == "cp1250"
    go_to(app, "app.py")
    assert address_of(app)["encoding"] == "cp1250"
