"""Pages where nothing can be kept: they can be looked at all the same, and say what will be gone."""

import errno
import os
import time
from pathlib import Path

import pytest
from app_pages import PROJECT, as_read, button, go_to, no_traceback, open_page, sentences, texts
from catalog_pages import PAGE, open_folder, recent_folders
from mixed_folders import fetch_pictures

from shopsim.ui import spare_cache
from shopsim.ui.spare_cache import cache_folder, why_spare

PAGES = ["app.py", *sorted(f"pages/{path.name}" for path in PROJECT.glob("pages/*.py"))]


@pytest.fixture
def nowhere(tmp_path):
    """A folder that cannot be made, whoever runs the test."""
    (tmp_path / "file").touch()
    return tmp_path / "file" / "below"


def complaints(app):
    return [sentence for sentence in sentences(app) if "learning needs" not in sentence]


@pytest.mark.parametrize("variable", ["SHOPSIM_HOME", "SHOPSIM_CACHE"])
def test_every_page_can_be_looked_at(variable, tiny_catalog, nowhere, monkeypatch):
    monkeypatch.setenv(variable, str(nowhere))
    app = open_page(folder=tiny_catalog)
    for page in PAGES:
        app = go_to(app, page)
        assert no_traceback(app)
        assert complaints(app) == []


def test_a_home_in_a_loop_of_links_hinders_no_look(tiny_catalog, tmp_path, monkeypatch):
    (tmp_path / "loop").symlink_to("loop")
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path / "loop"))
    app = open_page("pages/Groups.py", folder=tiny_catalog)
    assert no_traceback(app)
    assert complaints(app) == []


@pytest.mark.parametrize("variable", ["SHOPSIM_HOME", "SHOPSIM_CACHE", "SHOPSIM_ROOTS"])
def test_a_setting_that_names_an_unknown_person_is_said(variable, tiny_catalog, monkeypatch):
    monkeypatch.setenv(variable, "~nobody-of-that-name/x")
    app = open_page("pages/Groups.py", folder=tiny_catalog)
    assert no_traceback(app)
    told = "'~nobody-of-that-name/x' names a person this machine does not know; write the whole path."
    assert set(complaints(app)) == {told}


def test_photos_are_shown_without_a_place_for_the_secret_of_their_names(tiny_catalog, nowhere, monkeypatch, tmp_path):
    monkeypatch.setenv("SHOPSIM_HOME", str(nowhere))
    fetch_pictures(open_page("pages/Groups.py", folder=tiny_catalog))
    assert len(list((tmp_path / "static").rglob("*.jpg"))) == 16


def test_a_folder_can_be_opened_though_the_list_of_folders_cannot_be_written(tiny_catalog, nowhere, monkeypatch):
    monkeypatch.setenv("SHOPSIM_HOME", str(nowhere))
    app = open_folder(open_page(PAGE, folder=tiny_catalog), tiny_catalog.parent / "tiny" / "bags")
    assert no_traceback(app)
    assert recent_folders() == [str(tiny_catalog / "bags")]
    told = f"Cannot write '{nowhere}/shopsim.db': Not a directory. This list is forgotten when the server ends."
    assert told in texts(app)


def test_what_is_computed_without_a_cache_is_kept_until_the_server_ends(tiny_catalog, nowhere, monkeypatch):
    monkeypatch.setenv("SHOPSIM_CACHE", str(nowhere))
    app = open_page(folder=tiny_catalog)
    go_to(app, PAGE)
    (warning,) = [as_read(warning.value) for warning in app.warning]
    assert warning.startswith(f"Cannot write '{nowhere}': Not a directory. What is computed is kept in `")
    assert app.button(key="clear-features").label == "Clear"


def test_what_cannot_be_cleared_is_said_on_the_page(tiny_catalog, monkeypatch):
    app = open_page(folder=tiny_catalog)
    fetch_pictures(app)
    go_to(app, PAGE)

    def refuse(*_, **__):
        raise OSError(errno.EROFS, "Read-only file system")

    for name in ("rename", "unlink"):
        monkeypatch.setattr(Path, name, refuse)
    for kind in ("trees", "thumbnails"):
        app.button(key=f"clear-{kind}").click().run()
        assert no_traceback(app)
        (sentence,) = sentences(app)
        assert sentence.startswith("Cannot clear '")
        assert sentence.endswith("': Read-only file system.")


def test_a_decision_that_cannot_be_kept_is_said_on_the_page(tiny_catalog, nowhere, monkeypatch):
    monkeypatch.setenv("SHOPSIM_HOME", str(nowhere))
    moved = next((tiny_catalog / "bags").glob("101_*"))
    moved.rename(moved.with_name(moved.name.replace("101_", "202_")))
    app = open_page("pages/Review.py", folder=tiny_catalog, form="contest", sort="open,50")
    button(app, "Accept").click().run()
    assert no_traceback(app)
    assert f"Cannot write '{nowhere}" in texts(app)


def test_a_cache_that_fills_up_or_is_mended_meanwhile_is_noticed(tmp_path, monkeypatch):
    now = time.monotonic()
    cache = tmp_path / "mended"
    monkeypatch.setenv("SHOPSIM_CACHE", str(cache))
    monkeypatch.setattr(spare_cache.time, "monotonic", lambda: now)
    assert (cache_folder(), why_spare()) == (cache, "")

    def full(file, size):
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as disk:
        disk.setattr(os, "replace", full)
        assert cache_folder() == cache
        now += 5.1
        spare = cache_folder()
        assert spare != cache
        assert spare.is_dir()
        assert why_spare().startswith(f"Cannot write '{cache}': No space left on device, ")
        now += 5.1
        assert cache_folder() == spare
    now += 5.1
    assert (cache_folder(), why_spare()) == (cache, "")
    assert list(cache.iterdir()) == []
