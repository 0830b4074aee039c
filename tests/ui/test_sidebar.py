"""The sidebar: the parts of the navigation, the drawer for experts, and fields that change nothing here."""

import pytest
from app_pages import address_of, no_traceback, open_page, select, settled
from mixed_folders import markup

from shopsim.ui.sidebar import PAGES, PARTS


@pytest.fixture
def one_category(tmp_path, draw_photo):
    """40 photos of one category, enough to whiten."""
    rows = ["path,model,category"]
    for number in range(40):
        draw_photo(tmp_path / f"{number:02}.jpg", (6 * number, 30, 30), number)
        rows.append(f"{number:02}.jpg,{number // 10},bags")
    (tmp_path / "catalog.csv").write_text("\n".join(rows))
    return tmp_path


def advanced(app):
    return next(block for block in app.sidebar.expander if block.label == "Advanced")


def test_the_navigation_has_four_parts_and_each_page_stands_in_one():
    assert list(PARTS) == ["", "Look", "Improve", "Use"]
    named = [name for names in PARTS.values() for name in names]
    assert len(named) == len(set(named))
    assert set(PAGES) <= set(named)


def test_the_parts_are_drawn_above_their_pages(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    drawn = markup(app)
    assert all(f">{part}</div>" in drawn for part in PARTS if part)
    order = [name for names in PARTS.values() for name in names if name in PAGES]
    assert [link.proto.label for link in app.sidebar.get("page_link")] == order


def test_jargon_is_in_the_drawer_with_help_on_each(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    drawer = advanced(app)
    inside = [field.label for field in drawer.selectbox]
    assert {"Feature extractor", "Space", "Clustering"} <= set(inside)
    assert all(field.help for field in [*drawer.selectbox, *drawer.slider, *drawer.number_input])
    outside = [field.label for field in app.sidebar.selectbox if field.label not in inside]
    assert outside == ["Catalogue", "Category", "Settings"]


def test_what_the_program_chooses_is_called_automatic(one_category):
    app = open_page(folder=one_category)
    field = app.number_input(key="side-space-whitened-components")
    assert field.value is None
    assert field.proto.placeholder == "automatic"
    field.set_value(12)
    settled(app)
    assert address_of(app)["space.components"] == "12"
    app.number_input(key="side-space-whitened-components").set_value(None)
    settled(app)
    assert no_traceback(app)
    assert "space.components" not in address_of(app)


def test_a_field_that_changes_nothing_here_is_off_and_says_why(tiny_catalog, one_category):
    app = open_page(folder=tiny_catalog)
    strength = app.slider(key="side-space-whitened-strength")
    assert strength.disabled
    assert "32 different photos" in strength.help
    assert not select(app, "Category").disabled
    app = open_page(folder=one_category)
    assert not app.slider(key="side-space-whitened-strength").disabled
    assert select(app, "Category").disabled
    assert select(app, "Category").help == "All photos are of one category."
