"""The Catalogs page: open a folder or a zip, read what was found, forget it, clear what is cached."""

import io
import shutil
import zipfile

import pytest
from app_pages import address_of, as_read, go_to, metrics, no_traceback, open_page, sentences, settled, texts

from shopsim.learning.lock import one_at_a_time
from shopsim.paths import cache_dir, home_dir, uploads_dir
from shopsim.ui.recent import Recent, recent_catalogs, remember


def recent_folders():
    return [recent.folder for recent in recent_catalogs()]


PAGE = "pages/Catalogs.py"


def catalogs(folder=None, **address):
    return open_page(PAGE, folder=folder, **address)


def field(app, start):
    return next(field for field in app.text_input if field.label.startswith(start))


def button(app, label):
    return next(button for button in app.button if button.label == label and not button.disabled)


def open_folder(app, folder, form=None, labels=None):
    """Fill in the form and send it."""
    field(app, "Folder of photos").set_value(str(folder))
    if form:
        next(select for select in app.selectbox if select.label == "Form").set_value(form)
    if labels:
        field(app, "File of true models").set_value(str(labels))
    button(app, "Open").click()
    return settled(app)


def upload(app, *files, name="photos.zip"):
    """Send a zip of (name, content) files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file, content in files:
            archive.writestr(file, content)
    app.file_uploader[0].set_value((name, packed.getvalue(), "application/zip"))
    button(app, "Unpack and open").click()
    return settled(app)


def subheaders(app):
    return [as_read(subheader.value) for subheader in app.subheader]


# Opening a folder


def test_the_page_opens_first_and_tells_what_was_recognised(tiny_catalog):
    app = catalogs(tiny_catalog)
    assert no_traceback(app)
    assert "tiny" in subheaders(app)
    assert "Recognised as contest file names, since every photo is named model_product_image" in texts(app).replace(
        "**", ""
    )
    shown = metrics(app)
    assert (shown["Photos"], shown["True models"], shown["Photos a model"]) == ("16", "4", "4")
    assert "No file was left out." in texts(app)


def test_a_folder_is_opened_and_remembered(tiny_catalog):
    app = open_folder(catalogs(tiny_catalog / "bags"), tiny_catalog)
    assert no_traceback(app)
    assert "tiny" in subheaders(app)
    assert recent_folders() == [str(tiny_catalog)]
    go_to(app, "app.py")
    assert metrics(app)["True models"] == "4"
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog)}


def test_quotation_marks_around_a_path_do_no_harm(tiny_catalog):
    app = open_folder(catalogs(tiny_catalog), f'  "{tiny_catalog}" ')
    assert not sentences(app)
    assert recent_folders() == [str(tiny_catalog)]


@pytest.mark.parametrize("folder", ["", "   ", '""', "/no/such", "~nobody-here/x", "x" * 3000, "a\0b"])
def test_a_folder_that_cannot_be_opened_is_told_and_the_open_one_stays(tiny_catalog, folder):
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
    assert metrics(app)["Photos a model"] == "–"


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


# Zips


def test_a_zip_is_unpacked_opened_and_remembered(tiny_catalog):
    photos = [(path.name, path.read_bytes()) for path in sorted(tiny_catalog.rglob("*.png"))]
    app = upload(catalogs(tiny_catalog), *photos, name="my photos.zip")
    assert no_traceback(app)
    assert not sentences(app)
    assert "my photos" in subheaders(app)
    assert metrics(app)["Photos"] == "16"
    assert recent_folders() == [str(uploads_dir() / "my photos")]


def test_a_second_zip_of_a_name_gets_a_folder_of_its_own(tiny_catalog):
    photo = ("1_1_1.png", next(tiny_catalog.rglob("*.png")).read_bytes())
    app = upload(catalogs(tiny_catalog), photo)
    upload(app, photo)
    assert sorted(path.name for path in uploads_dir().iterdir()) == ["photos", "photos 2"]


@pytest.mark.parametrize("name", ["../../evil", "..", "a/b\\c", "\0", "x" * 300, "가방", "𠀀" * 300, "."])
def test_the_name_of_a_zip_leads_nowhere(tiny_catalog, name):
    photo = ("1_1_1.png", next(tiny_catalog.rglob("*.png")).read_bytes())
    app = catalogs(tiny_catalog)
    field(app, "Name (optional)").set_value(name)
    upload(app, photo)
    assert no_traceback(app)
    assert not sentences(app)
    (folder,) = uploads_dir().iterdir()
    assert (folder / "1_1_1.png").is_file()
    assert {path.name for path in home_dir().iterdir()} <= {"uploads", "recent.json", "thumbnail-secret"}


def test_files_of_a_zip_that_are_no_photos_are_listed(tiny_catalog):
    photo = ("1_1_1.png", next(tiny_catalog.rglob("*.png")).read_bytes())
    app = upload(catalogs(tiny_catalog), photo, ("run.exe", b"MZ"), ("../../up.png", photo[1]))
    assert no_traceback(app)
    assert "2 files of the zip left out" in [expander.label for expander in app.expander]
    assert not (home_dir() / "up.png").exists()
    open_folder(app, tiny_catalog)
    assert not [expander for expander in app.expander if "of the zip" in expander.label]


def test_a_file_that_is_no_zip_is_told(tiny_catalog):
    app = catalogs(tiny_catalog)
    app.file_uploader[0].set_value(("photos.zip", b"no zip at all", "application/zip"))
    button(app, "Unpack and open").click()
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1
    assert "tiny" in subheaders(app)
    assert not list(uploads_dir().iterdir()) if uploads_dir().exists() else True


def test_no_zip_is_told(tiny_catalog):
    app = catalogs(tiny_catalog)
    button(app, "Unpack and open").click()
    settled(app)
    assert sentences(app) == ["No zip file was chosen; choose one first."]


# Opened lately


def test_a_folder_opened_lately_is_opened_again_with_the_same_extractor(tiny_catalog, tmp_path, draw_photo):
    draw_photo(tmp_path / "other" / "a.png", (1, 99, 1))
    remember(Recent(str(tiny_catalog)))
    app = catalogs(tmp_path / "other")
    app.button(key=f"open-{tiny_catalog}").click()
    settled(app)
    assert "tiny" in subheaders(app)
    go_to(app, "app.py")
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog)}


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


@pytest.mark.parametrize("content", [b"", b'["text"]', b'[{"folder": 1}]', b"no json", b"{}", b"[1, null]", b"\xff"])
def test_a_damaged_list_of_folders_is_an_empty_one(tiny_catalog, content):
    home_dir().mkdir(exist_ok=True)
    (home_dir() / "recent.json").write_bytes(content)
    assert recent_folders() == []
    assert no_traceback(catalogs(tiny_catalog))


def test_a_folder_that_is_gone_is_told_and_the_page_goes_on(tiny_catalog, tmp_path):
    remember(Recent(str(tmp_path / "gone")))
    app = catalogs(tiny_catalog)
    app.button(key=f"open-{tmp_path / 'gone'}").click()
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1
    assert {"Open a folder", "Upload a zip of photos", "Opened lately", "Cache"} <= set(subheaders(app))


# The cache


@pytest.mark.parametrize("kind", ["features", "trees"])
def test_what_is_cached_is_shown_cleared_and_computed_again(tiny_catalog, kind):
    app = open_page(folder=tiny_catalog)
    go_to(app, PAGE)
    app.button(key=f"clear-{kind}").click()
    settled(app)
    assert no_traceback(app)
    assert not (cache_dir() / kind).exists()
    go_to(app, "app.py")
    assert metrics(app)["ARI"] == "1.000"
    assert (cache_dir() / kind).exists()


def test_what_a_learning_works_on_is_not_cleared_under_it(tiny_catalog):
    for kind in ("trainings", "activations", "trees"):
        (cache_dir() / kind).mkdir(parents=True)
        (cache_dir() / kind / "kept.npy").write_bytes(b"x")
    with one_at_a_time(cache_dir()):
        app = catalogs(folder=tiny_catalog)
        assert no_traceback(app)
        assert [app.button(key=f"clear-{kind}").disabled for kind in ("trainings", "activations")] == [True, True]
        assert not app.button(key="clear-trees").disabled
    app.run()
    app.button(key="clear-trainings").click()
    settled(app)
    assert not (cache_dir() / "trainings").exists()


def test_thumbnails_are_cleared(tiny_catalog, tmp_path):
    app = open_page(folder=tiny_catalog)
    assert list((tmp_path / "static").glob("*.jpg"))
    go_to(app, PAGE)
    app.button(key="clear-thumbnails").click()
    settled(app)
    assert not list((tmp_path / "static").glob("*.jpg"))


def test_everything_under_the_cache_is_listed(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    go_to(app, PAGE)
    clearable = {button.key.removeprefix("clear-") for button in app.button if (button.key or "").startswith("clear-")}
    assert {path.name for path in cache_dir().iterdir() if path.is_dir()} <= clearable


def test_the_demo_is_cached_in_all_its_versions_and_cleared(tiny_catalog):
    for folder in ("demo-1", "demo-3", "demonstration", "demo-of-mine"):
        (cache_dir() / folder).mkdir(parents=True)
        (cache_dir() / folder / "photo.jpg").write_bytes(b"0" * 1_000_000)
    app = catalogs(tiny_catalog)
    assert "Demo catalogue" in [markdown.value for markdown in app.markdown]
    assert "2.0 MB in 2 files" in texts(app)
    app.button(key="clear-demo").click()
    settled(app)
    assert no_traceback(app)
    # What only has a similar name belongs to someone else.
    assert {path.name for path in cache_dir().glob("demo*")} == {"demonstration", "demo-of-mine"}


def test_a_damaged_cache_does_not_break_the_page(tiny_catalog):
    cache_dir().write_bytes(b"a file where the folder should be")
    assert no_traceback(catalogs(tiny_catalog))
