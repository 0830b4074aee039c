"""The Catalogs page: uploads are listed with their sizes, and deleted after one question."""

import threading

import pytest
import streamlit as st
from app_pages import go_to, no_traceback, open_page, sentences, settled, texts
from catalog_pages import PAGE, catalogs, recent_folders, subheaders

from shopsim.base.paths import uploads_dir
from shopsim.ui.parts.recent import Recent, remember
from shopsim.ui.server import jobs


@pytest.fixture
def uploaded(tiny_catalog):
    """The tiny catalogue as an upload."""
    folder = uploads_dir() / "my shoes"
    folder.parent.mkdir(parents=True)
    tiny_catalog.rename(folder)
    remember(Recent(str(folder)))
    return folder


def delete(app, name="my shoes"):
    app.button(key=f"delete-upload-{name}").click()
    return settled(app)


def test_an_upload_is_listed_with_photos_size_and_date(uploaded):
    said = texts(catalogs(uploaded))
    assert "my shoes** · open now" in said
    assert "KB, 16 photos, 20" in said
    assert "Delete for good" in [button.label for button in catalogs(uploaded).button]


def test_without_uploads_there_is_no_list(tiny_catalog):
    assert "Uploads" not in subheaders(catalogs(tiny_catalog))


def test_deleting_the_open_one_leads_to_the_demo_and_forgets_it(uploaded, monkeypatch):
    app = catalogs(uploaded)
    monkeypatch.setattr("shopsim.ui.catalogs.summary.open_choice", lambda _: st.stop())
    delete(app)
    assert no_traceback(app)
    assert not sentences(app)
    assert not uploaded.exists()
    assert recent_folders() == []
    assert app.session_state["choice"].folder == "demo"


def test_deleting_another_one_leaves_what_is_open(uploaded, tmp_path, draw_photo):
    for number in range(3):
        draw_photo(tmp_path / "mine" / f"{number}.png", (9, 90, 200), number)
    app = catalogs(tmp_path / "mine")
    delete(app)
    assert no_traceback(app)
    assert list(uploads_dir().iterdir()) == []
    assert subheaders(app)[0] == "Open a folder"
    assert "mine" in subheaders(app)


@pytest.mark.usefixtures("looking_each_time")
def test_a_page_that_has_a_deleted_upload_open_says_so(uploaded):
    app = open_page(folder=uploaded)
    uploaded.rename(uploaded.with_name(".gone"))
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1
    assert "my shoes" in sentences(app)[0]


def test_nothing_is_deleted_while_something_works_with_photos(uploaded):
    app = catalogs(uploaded)
    go_on = threading.Event()
    jobs().ensure("k", "Extracting features of 'my shoes' with fake", lambda report: go_on.wait(20))
    app.button(key="delete-upload-my shoes").click().run()
    go_on.set()
    assert no_traceback(app)
    assert sentences(app) == [
        "'my shoes' may be in use: Extracting features of 'my shoes' with fake is under way. Wait until it ends, or "
        "stop it."
    ]
    assert uploaded.is_dir()


def test_strangers_are_not_offered_to_delete(uploaded, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(uploads_dir()))
    app = go_to(open_page(folder=uploaded), PAGE)
    assert "Uploads" in subheaders(app)
    assert "Delete for good" not in [button.label for button in app.button]
