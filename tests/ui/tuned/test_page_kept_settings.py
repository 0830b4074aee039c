"""Tuned settings on the Catalogs page: listed, used, sent, added, removed."""

from app_pages import button, go_to, no_traceback, open_page, select, sentences, settled, texts

from shopsim.tuning.settings_files import load_settings, names, save_settings, tuned_dir, zip_of
from shopsim.tuning.tuned_import import remove_settings
from shopsim.ui.access.rights import WHY_NOT


def catalogs(**address):
    return open_page("pages/Catalogs.py", **address)


def test_kept_settings_are_listed_and_used(many, kept):
    app = catalogs(folder=many)
    assert no_traceback(app)
    assert "Tuned on many: 48 photos of 12 models, by fake" in texts(app)
    button(app, "Use").click()
    settled(app)
    go_to(app, "app.py")
    assert select(app, "Settings").value == kept


def test_settings_are_removed_for_good_and_nothing_else(many, kept):
    (tuned_dir() / kept / "notes.txt").write_text("mine")
    app = catalogs(folder=many)
    button(app, "Remove for good").click()
    settled(app)
    assert names() == []
    assert [path.name for path in (tuned_dir() / kept).iterdir()] == ["notes.txt"]
    assert "None yet" in texts(app)


def test_settings_that_cannot_be_read_are_told_and_the_others_listed(many, kept):
    broken = tuned_dir() / "broken"
    broken.mkdir()
    (broken / "settings.json").write_text("{}")
    app = catalogs(folder=many)
    assert no_traceback(app)
    assert "holds no tuned settings" in sentences(app)[0]
    assert "Tuned on many" in texts(app)


def test_settings_are_added_from_a_folder(many, kept, tmp_path):
    elsewhere = save_settings(load_settings(kept), tmp_path / "sent")
    app = catalogs(folder=many)
    button(app, "Remove for good").click()
    settled(app)
    next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(str(elsewhere))
    button(app, "Add").click()
    settled(app)
    assert no_traceback(app)
    assert names() == [kept]


def test_settings_are_added_from_a_zip_that_was_sent(many, kept):
    sent = zip_of(load_settings(kept))
    remove_settings(kept)
    app = catalogs(folder=many)
    next(file for file in app.file_uploader if file.label == "Zip of tuned settings").set_value(
        ("sent.zip", sent, "application/zip")
    )
    button(app, "Add").click()
    settled(app)
    assert no_traceback(app)
    assert names() == [kept]
    assert "Tuned on many" in texts(app)


def test_a_zip_of_something_else_is_told(many):
    app = catalogs(folder=many)
    next(file for file in app.file_uploader if file.label == "Zip of tuned settings").set_value(
        ("sent.zip", b"no zip at all", "application/zip")
    )
    button(app, "Add").click()
    settled(app)
    assert "not a readable zip" in sentences(app)[0]


def test_a_place_without_settings_is_told(many, subtests):
    for place in ["", "/no/such/folder", "\0", "~nobody/x"]:
        with subtests.test(place=place):
            app = catalogs(folder=many)
            next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(place)
            button(app, "Add").click()
            settled(app)
            assert no_traceback(app)
            assert sentences(app)
            assert names() == []


def test_strangers_add_nothing_and_remove_nothing(many, kept, tmp_path, monkeypatch):
    elsewhere = save_settings(load_settings(kept), tmp_path / "sent")
    remove_settings(kept)
    app = catalogs(folder=many)
    next(field for field in app.text_input if field.label.startswith("Or a folder")).set_value(str(elsewhere))
    monkeypatch.setenv("SHOPSIM_ROOTS", f"{many}:{elsewhere}")
    # The form is gone by the time its click arrives.
    button(app, "Add").click()
    settled(app)
    assert names() == []
    assert WHY_NOT in texts(app)
    assert not [each for each in app.button if each.label in ("Add", "Remove for good")]
