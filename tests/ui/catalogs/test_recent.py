"""The list of catalogues opened lately: in order, kept by the workspace's database, and never a page's hindrance."""

from app_pages import as_read, no_traceback, sentences, texts
from catalog_pages import catalogs, open_folder, recent_folders

from shopsim.base.paths import home_dir
from shopsim.base.workspace import schema, transaction
from shopsim.ui.parts.recent import Recent, forget, recent_catalogs, remember, why_not_kept


def test_a_catalogue_opened_again_moves_to_the_front():
    for folder in ("a", "b", "a"):
        remember(Recent(folder))
    assert recent_catalogs() == [Recent("a"), Recent("b")]
    forget("a")
    assert recent_catalogs() == [Recent("b")]


def test_a_damaged_list_of_an_earlier_version_is_an_empty_one(tiny_catalog, subtests):
    home_dir().mkdir(exist_ok=True)
    for content in [b"", b'["text"]', b'[{"folder": 1}]', b"no json", b"{}", b"[1, null]", b"\xff"]:
        with subtests.test(content=content):
            (home_dir() / "shopsim.db").unlink(missing_ok=True)
            (home_dir() / "recent.json").write_bytes(content)
            assert recent_folders() == []
            assert no_traceback(catalogs(tiny_catalog))


def test_a_damaged_database_is_said_once_and_the_list_begins_anew(tiny_catalog):
    remember(Recent("/photos"))
    (home_dir() / "shopsim.db").write_bytes(b"damaged")
    app = catalogs(tiny_catalog)
    assert no_traceback(app)
    said = "was damaged, or no database of shopsim, and is kept as 'shopsim.db.damaged-1'"
    assert [said in as_read(each.value) for each in app.warning] == [True]
    assert not sentences(app)
    app = open_folder(catalogs(tiny_catalog), tiny_catalog)
    assert not app.warning
    assert recent_folders() == [str(tiny_catalog)]


def test_a_database_of_a_later_version_hinders_no_page_and_is_said(tiny_catalog, monkeypatch):
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE notes (note)",)))
        remember(Recent("/photos"))
    app = catalogs(tiny_catalog)
    assert no_traceback(app)
    assert not sentences(app)
    known = len(schema.MIGRATIONS)
    later_version = (
        f"was written by a later version of shopsim ({known + 1}; this one knows {known}); use that version."
    )
    assert later_version in texts(app)
    assert recent_folders() == []
    remember(Recent("/more"))
    assert recent_folders() == ["/more"]
    with monkeypatch.context() as later:
        later.setattr(schema, "MIGRATIONS", (*schema.MIGRATIONS, ("CREATE TABLE notes (note)",)))
        assert recent_folders() == ["/more", "/photos"]


def test_what_the_disk_refused_is_kept_with_the_next_change(monkeypatch):
    for folder in ("/a", "/b"):
        remember(Recent(folder))
    with monkeypatch.context() as disk:
        disk.setattr(transaction, "PARAMETERS", "mode=ro")
        remember(Recent("/c"))
        forget("/a")
        remember(Recent("/b", "plain"))
        assert recent_catalogs() == [Recent("/b", "plain"), Recent("/c")]
        assert why_not_kept().startswith("Cannot write '")
    remember(Recent("/d"))
    assert why_not_kept() == ""
    assert recent_catalogs() == [Recent("/d"), Recent("/b", "plain"), Recent("/c")]
