"""The Catalogs page: open a folder, read what was found, open it again from the list, forget it."""

import shutil
import unicodedata

import numpy as np
import pytest
from app_pages import RECIPE, address_of, as_read, go_to, metrics, no_traceback, open_page, sentences, settled, texts
from catalog_pages import catalogs, open_folder, recent_folders, subheaders

from shopsim.ui.parts.recent import Recent, recent_catalogs, remember

# Opening a folder


def test_the_page_opens_first_and_tells_what_was_recognised(tiny_catalog):
    app = catalogs(tiny_catalog)
    assert no_traceback(app)
    assert "tiny" in subheaders(app)
    assert "Recognised as contest file names, because every photo is named model_product_image" in texts(app).replace(
        "**", ""
    )
    shown = metrics(app)
    assert (shown["Photos"], shown["True models"], shown["Photos per model"]) == ("16", "4", "4")
    assert "No file was left out." in texts(app)


def test_a_folder_is_opened_and_remembered(tiny_catalog):
    app = open_folder(catalogs(tiny_catalog / "bags"), tiny_catalog)
    assert no_traceback(app)
    assert "tiny" in subheaders(app)
    assert recent_folders() == [str(tiny_catalog)]
    go_to(app, "app.py")
    assert metrics(app)["True models"] == "4"
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog), **RECIPE}


def test_quotation_marks_around_a_path_do_no_harm(tiny_catalog):
    app = open_folder(catalogs(tiny_catalog), f'  "{tiny_catalog}" ')
    assert not sentences(app)
    assert recent_folders() == [str(tiny_catalog)]


def test_a_folder_and_its_labels_open_by_names_as_people_type_them(tmp_path, tiny_catalog):
    """macOS writes letters in parts."""
    folder = tiny_catalog.rename(tmp_path / unicodedata.normalize("NFD", "가방"))
    np.save(tmp_path / unicodedata.normalize("NFD", "é.npy"), np.repeat(["x", "y"], 8))
    app = open_folder(catalogs(folder / "bags"), tmp_path / "가방", labels=str(tmp_path / "é.npy"))
    assert not sentences(app)
    assert metrics(app)["True models"] == "2"


def test_a_folder_that_cannot_be_opened_is_told_and_the_open_one_stays(tiny_catalog, subtests):
    for folder in ["", "   ", '""', "/no/such", "~nobody-here/x", "x" * 3000, "a\0b"]:
        with subtests.test(folder=folder):
            app = open_folder(catalogs(tiny_catalog), folder)
            assert no_traceback(app)
            assert len(sentences(app)) == 1
            assert "tiny" in subheaders(app)
            assert recent_folders() == []


def test_a_missing_labels_file_is_told_and_nothing_opened(tiny_catalog, tmp_path):
    app = open_folder(catalogs(tiny_catalog), tmp_path, labels="/no/such.csv")
    assert no_traceback(app)
    assert "'/no/such.csv' does not exist" in sentences(app)[0]
    assert recent_folders() == []


def test_a_folder_outside_the_roots_is_told(tiny_catalog, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tiny_catalog))
    app = open_folder(catalogs(tiny_catalog), tmp_path)
    assert "may not be opened" in sentences(app)[0]
    assert "tiny" in subheaders(app)


def test_an_empty_folder_is_told_as_what_it_is(tiny_catalog, tmp_path):
    (tmp_path / "empty").mkdir()
    app = open_folder(catalogs(tiny_catalog), tmp_path / "empty")
    assert no_traceback(app)
    assert "it holds no photos" in texts(app)
    assert metrics(app)["Photos"] == "0"


def test_a_mixed_folder_is_told_and_opens_once_its_form_is_said(tiny_catalog, draw_photo):
    draw_photo(tiny_catalog / "bags" / "loose photo.png", (10, 10, 10))
    app = open_folder(catalogs(tiny_catalog), tiny_catalog)
    assert no_traceback(app)
    assert "mixes photos" in sentences(app)[0]
    assert "say which form to use" in sentences(app)[0]
    open_folder(app, tiny_catalog, form="contest")
    assert not sentences(app)
    assert metrics(app)["Photos"] == "17"
    assert "16 photos have a true model" in texts(app)


def test_labels_are_attached_to_plain_photos(tmp_path, draw_photo, tiny_catalog):
    for number in range(4):
        draw_photo(tmp_path / "plain" / f"{number}.png", (50 * number, 90, 40), number)
    (tmp_path / "models.txt").write_text("a\na\nb\nb\n")
    app = open_folder(catalogs(tiny_catalog), tmp_path / "plain", labels=tmp_path / "models.txt")
    assert metrics(app)["True models"] == "2"
    assert "true models come from 'models.txt'" in texts(app)
    go_to(app, "app.py")
    assert "ARI" in metrics(app)


def test_a_folder_without_labels_says_what_is_missing(tmp_path, draw_photo):
    draw_photo(tmp_path / "plain" / "a.png", (50, 90, 40))
    draw_photo(tmp_path / "plain" / "b.png", (90, 50, 40))
    app = catalogs(tmp_path / "plain")
    assert "No true models are known" in texts(app)
    assert metrics(app)["Photos per model"] == "–"


def test_a_folder_of_one_photo_is_said_to_be_too_small(tmp_path, draw_photo):
    draw_photo(tmp_path / "plain" / "a.png", (50, 90, 40))
    app = catalogs(tmp_path / "plain")
    assert [warning.value for warning in app.warning] == ["Grouping needs at least 2 photos that can be used."]


def test_files_left_out_are_listed_with_their_reason(tiny_catalog):
    (tiny_catalog / "notes.txt").write_text("hello")
    (tiny_catalog / "bags" / "101_7_7.jpg").write_bytes(b"\xff\xd8\xff")
    app = catalogs(tiny_catalog)
    assert app.expander[0].label == "2 files left out, each with its reason"
    table = app.dataframe[0].value
    assert list(table["file"]) == ["bags/101_7_7.jpg", "notes.txt"]
    assert all(table["reason"])


def test_copies_and_categories_are_counted(tiny_catalog):
    photo = next((tiny_catalog / "bags").iterdir())
    shutil.copy(photo, photo.with_name("101_99_99.png"))
    app = catalogs(tiny_catalog)
    assert metrics(app)["Byte-equal copies"] == "1"
    assert "1 set of byte-equal photos" in [expander.label for expander in app.expander]
    categories = next(table.value for table in app.dataframe if "category" in table.value)
    assert dict(zip(categories["category"], categories["photos"], strict=True)) == {"bags": 9, "shoes": 8}


def test_models_are_called_by_their_names(tiny_catalog):
    (tiny_catalog / "models.csv").write_text("model_id,name\n101,빨간 가방 <b>\n")
    app = catalogs(tiny_catalog)
    models = next(table.value for table in app.dataframe if "model" in table.value and "name" in table.value)
    assert "빨간 가방 <b>" in list(models["name"])


# Opened lately


def test_a_folder_opened_lately_is_opened_again_with_the_same_extractor(tiny_catalog, tmp_path, draw_photo):
    draw_photo(tmp_path / "other" / "a.png", (1, 99, 1))
    remember(Recent(str(tiny_catalog)))
    app = catalogs(tmp_path / "other")
    app.button(key=f"open-{tiny_catalog}").click()
    settled(app)
    assert "tiny" in subheaders(app)
    go_to(app, "app.py")
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog), **RECIPE}


def test_a_folder_is_forgotten_and_its_photos_stay(tiny_catalog):
    remember(Recent(str(tiny_catalog)))
    app = catalogs(tiny_catalog)
    app.button(key=f"forget-{tiny_catalog}").click()
    settled(app)
    assert no_traceback(app)
    assert recent_folders() == []
    assert len(list(tiny_catalog.rglob("*.png"))) == 16


def test_the_latest_folder_stands_first_and_old_ones_fall_off():
    for number in range(20):
        remember(Recent(f"/photos/{number}"))
    remember(Recent("/photos/15"))
    assert recent_folders()[:2] == ["/photos/15", "/photos/19"]
    assert len(recent_folders()) == len(set(recent_folders())) == 12


def test_a_folder_opened_again_from_the_list_has_its_labels_and_form_again(tiny_catalog, tmp_path):
    labels = tmp_path / "labels.txt"
    labels.write_text("only\n" * 16)
    remember(Recent(str(tiny_catalog), "plain", str(labels)))
    app = catalogs(tmp_path)
    app.button(key=f"open-{tiny_catalog}").click()
    settled(app)
    assert no_traceback(app)
    assert metrics(app)["True models"] == "1"


def test_strangers_are_not_shown_folders_they_may_not_open(tiny_catalog, tmp_path, monkeypatch):
    remember(Recent("/elsewhere/private"))
    remember(Recent(str(tiny_catalog)))
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tiny_catalog))
    app = catalogs(tiny_catalog)
    assert no_traceback(app)
    assert not any("private" in text for text in texts(app))


def test_a_folder_that_is_gone_is_told_and_the_page_goes_on(tiny_catalog, tmp_path):
    remember(Recent(str(tmp_path / "gone")))
    app = catalogs(tiny_catalog)
    app.button(key=f"open-{tmp_path / 'gone'}").click()
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1
    assert {"Open a folder", "Upload a zip of photos", "Opened lately", "Cache"} <= set(subheaders(app))


# Which form is meant


@pytest.fixture
def sellers(tmp_path, draw_photo):
    """A folder in which two sellers have photos of the same two models."""
    colours = {"bagA": (200, 40, 40), "bagB": (40, 160, 60)}
    for shop in ("shop1", "shop2"):
        for model, colour in colours.items():
            draw_photo(tmp_path / "sellers" / shop / model / f"{shop}.png", colour, len(shop + model))
    return tmp_path / "sellers"


@pytest.mark.parametrize("page", ["pages/Catalogs.py", "app.py", "pages/Learn.py"])
def test_readings_that_give_different_models_are_offered_on_any_page(sellers, page):
    app = open_page(page, folder=sellers)
    assert no_traceback(app)
    assert sentences(app) == [
        "'sellers/' has folders of the same name under different folders ('shop1/bagA/' and 'shop2/bagA/'); it is "
        "unclear whether they are one model: rename or move them, or say which form to use."
    ]
    assert [as_read(button.label) for button in app.button if str(button.key).startswith("form-")] == [
        "**folders**: 4 models, 'shop1/bagA/shop1.png' shows 'shop1/bagA'",
        "**lowest-folders**: 2 models, 'shop1/bagA/shop1.png' shows 'bagA'",
        "**upper-folders**: 2 models, 'shop1/bagA/shop1.png' shows 'shop1'",
        "**plain**: no true models",
    ]


def test_a_click_on_a_reading_opens_the_folder_so_and_keeps_it(sellers):
    app = catalogs(sellers)
    app.button(key="form-lowest-folders").click()
    settled(app)
    assert not sentences(app)
    assert metrics(app)["True models"] == "2"
    go_to(app, "app.py")
    assert address_of(app)["form"] == "lowest-folders"
    assert recent_catalogs() == [Recent(str(sellers), "lowest-folders")]


def test_a_form_in_the_address_that_does_not_exist_asks_again(sellers):
    app = catalogs(sellers, form="by guess")
    assert no_traceback(app)
    assert "say which form to use" in sentences(app)[0]
