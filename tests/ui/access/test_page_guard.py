"""No part of a page breaks it: what a part, a fragment or a callback meets becomes a sentence on the page."""

import ast
import errno

import pytest
from app_pages import PROJECT, no_traceback, open_page, sentences, texts

PAGES = ["app.py", *sorted(f"pages/{path.name}" for path in PROJECT.glob("pages/*.py"))]
OPENERS = {"open_page", "open_photos", "start_page"}
FRAME = OPENERS | {"fragment", "shown_errors"}


def parts_of(page):
    """By name, where the functions of the interface stand that the page calls in its body and its fragments."""
    tree = ast.parse((PROJECT / page).read_text(encoding="utf-8"))
    found = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom) and node.module.startswith("shopsim.")]
    places = {alias.name: f"{node.module}.{alias.name}" for node in found for alias in node.names}
    return {name: place for name, place in places.items() if name not in FRAME}


def refusal(*_, **__):
    raise PermissionError(errno.EACCES, "Permission denied", "/a/kept_place")


@pytest.mark.parametrize("page", PAGES)
def test_what_the_system_refuses_to_any_part_is_a_sentence(page, tiny_catalog, monkeypatch):
    assert parts_of(page)
    for place in parts_of(page).values():
        monkeypatch.setattr(place, refusal)
    app = open_page(page, folder=tiny_catalog)
    assert no_traceback(app)
    assert "The system refused what this page needs at '/a/kept_place': Permission denied." in sentences(app)


@pytest.mark.parametrize("page", PAGES)
def test_what_the_system_refuses_to_the_opening_is_a_sentence(page, tiny_catalog, monkeypatch):
    monkeypatch.setattr("shopsim.ui.page.current_choice", refusal)
    app = open_page(page, folder=tiny_catalog)
    assert no_traceback(app)
    assert sentences(app) == ["The system refused what this page needs at '/a/kept_place': Permission denied."]


def test_a_part_of_the_catalogs_page_that_fails_leaves_the_others(tiny_catalog, monkeypatch):
    for part in ("show_recent", "show_tuned", "open_folder"):
        monkeypatch.setattr(parts_of("pages/Catalogs.py")[part], refusal)
    app = open_page("pages/Catalogs.py", folder=tiny_catalog)
    assert len(sentences(app)) == 3
    said = texts(app)
    assert "Upload a zip of photos" in said
    assert "Cache" in said
    assert "Recognised as" in said


def test_what_a_callback_is_refused_is_said_once(tiny_catalog, monkeypatch):
    monkeypatch.setattr("shopsim.ui.groups.groups._arrange", refusal)
    app = open_page("pages/Groups.py", folder=tiny_catalog)
    assert sentences(app) == []
    app.number_input(key="groups-least").set_value(2).run()
    assert no_traceback(app)
    assert sentences(app) == ["The system refused what this page needs at '/a/kept_place': Permission denied."]
    assert sentences(app.run()) == []
