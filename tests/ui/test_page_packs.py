"""The packs on the page Runs and report: made on request, offered with their size, and what they lack is listed."""

import io
import zipfile

import pytest
from app_pages import button, no_traceback, open_page, settled, texts

from shopsim.base.paths import cache_dir


def packs_page(folder, kind):
    app = open_page("pages/Runs.py", folder)
    app.segmented_control(key="pack-kind").set_value(kind)
    app = settled(app)
    assert no_traceback(app)
    return app


def made(app):
    button(app, "Make the zip").click()
    app = settled(app)
    assert no_traceback(app)
    return app, zipfile.ZipFile(io.BytesIO(next((cache_dir() / "packs").glob("*.zip")).read_bytes()))


@pytest.mark.parametrize("kind", ["one", "all"])
def test_photos_are_packed_into_a_folder_per_group(tiny_catalog, kind):
    app, pack = made(packs_page(tiny_catalog, kind))
    n_photos = len(pack.namelist()) - 1
    assert n_photos == 16 or (kind == "one" and 0 < n_photos < 16)
    assert f"The zip has {n_photos} photos, in a folder for each of" in texts(app)


def test_the_size_is_shown_before_anything_is_made(tiny_catalog):
    app = packs_page(tiny_catalog, "all")
    assert any(" KB." in caption.value for caption in app.caption)
    assert not (cache_dir() / "packs").exists()


def test_the_projectors_pack_has_its_configuration(tiny_catalog):
    app, pack = made(packs_page(tiny_catalog, "projector"))
    assert "projector_config.pbtxt" in pack.namelist()
    assert "The pack has all 16 photos." in texts(app)


def test_a_photo_that_is_gone_is_listed(tiny_catalog):
    app = packs_page(tiny_catalog, "all")
    sorted(path for path in tiny_catalog.rglob("*") if path.is_file())[0].unlink()
    app, pack = made(app)
    assert len(pack.namelist()) == 16
    listed = next(frame.value for frame in app.dataframe if "reason" in frame.value)
    assert [reason.split(": ")[1] for reason in listed["reason"]] == ["the file is gone"]


def test_a_pack_that_would_not_fit_through_the_server_names_the_command(tiny_catalog, monkeypatch):
    monkeypatch.setattr("shopsim.ui.runs.packs._MOST_BYTES", 1)
    app = packs_page(tiny_catalog, "all")
    assert "`--photos all`" in app.info[0].value
    assert not [each for each in app.button if each.label == "Make the zip"]
