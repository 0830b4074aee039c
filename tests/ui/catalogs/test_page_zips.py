"""The Catalogs page: a zip of photos is unpacked, opened, and leads nowhere else."""

import io
import zipfile

import pytest
from app_pages import metrics, no_traceback, sentences, settled, texts
from catalog_pages import button, catalogs, field, open_folder, recent_folders, subheaders

from shopsim.base.paths import home_dir, uploads_dir


def upload(app, *files, name="photos.zip"):
    """Send a zip of (name, content) files."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for file, content in files:
            archive.writestr(file, content)
    app.file_uploader[0].set_value((name, packed.getvalue(), "application/zip"))
    button(app, "Unpack and open").click()
    return settled(app)


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
    assert {path.name for path in home_dir().iterdir()} <= {"uploads", "shopsim.db", "shopsim.lock", "thumbnail-secret"}


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


def test_how_names_were_read_is_told_and_can_be_chosen(tiny_catalog):
    photo = next(tiny_catalog.rglob("*.png")).read_bytes()
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for name in ("01####.png", "02####.png"):
            archive.writestr(name, photo)
    packed = data.getvalue()
    for ascii_name, name in (("01####", "Größe1"), ("02####", "Größe2")):
        packed = packed.replace(ascii_name.encode(), name.encode("cp850"))
    for encoding, expected in ((None, "Größe1.png"), ("cp949", "Gr붳e1.png")):
        app = catalogs(tiny_catalog)
        app.file_uploader[0].set_value(("photos.zip", packed, "application/zip"))
        next(box for box in app.selectbox if box.label == "Encoding of file names").set_value(encoding)
        button(app, "Unpack and open").click()
        settled(app)
        assert not sentences(app)
        assert [path for path in uploads_dir().rglob("*1.png") if path.name == expected]
        told = "File names of the zip were read as Western European, CP850 of DOS ('Größe1.png')" in texts(app)
        assert told == (encoding is None)


def test_a_zip_of_several_readings_is_asked_about(tiny_catalog):
    photo = next(tiny_catalog.rglob("*.png")).read_bytes()
    app = upload(
        catalogs(tiny_catalog), *((f"all/{part}/bag/{n}.png", photo) for part in ("train", "test") for n in "12")
    )
    assert no_traceback(app)
    assert "say which form to use" in sentences(app)[0]
    app.button(key="form-split-folders").click()
    settled(app)
    assert not sentences(app)
    assert metrics(app)["True models"] == "1"
