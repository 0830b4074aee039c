"""The ways into corrections from Confusion, Map and Review; those pages themselves stay without corrections."""

from types import SimpleNamespace
from urllib.parse import parse_qsl

import numpy as np
import pytest
from app_pages import address_of, button, button_labels, no_traceback, open_page, sentences, settled, texts
from correction_cases import catalog_of
from mixed_folders import BLUE, GREEN, RED, mixed_folder, one_wrong, shown_photos

from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import DIFFERENT, MOVE, SAME, SPLIT, action
from shopsim.grouping.corrections.store import keep, read_actions
from shopsim.ui.corrections import files


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")


def press(app, label):
    button(app, label).click()
    return settled(app)


def kept(folder):
    return [each for each in read_actions(load_catalog(folder)) if not each.undone]


def groups(folder):
    return [label for label in button_labels(open_page("pages/Groups.py", folder)) if label.startswith("Group ")]


def wrong_cell(folder):
    catalog = load_catalog(folder)
    app = open_page("pages/Groups.py", folder)
    assert no_traceback(app)
    for group in range(3):
        app = open_page("pages/Confusion.py", folder, model="green", group=str(group))
        if any(label.startswith("Move them") for label in button_labels(app)):
            labels = [label for label in button_labels(app) if label.startswith("Split off 1 photo")]
            if labels:
                return app
    raise AssertionError(catalog)


def test_the_photos_of_a_cell_are_split_off_their_group(folder):
    app = press(wrong_cell(folder), "Split off 1 photo")
    assert no_traceback(app)
    assert [each.kind for each in kept(folder)] == [SPLIT]
    assert "this page shows the groups without them" in texts(app)
    assert len(groups(folder)) == 4


def test_the_photos_of_a_cell_are_moved_to_the_group_of_their_model(folder):
    app = press(wrong_cell(folder), "Move them")
    assert [each.kind for each in kept(folder)] == [MOVE]
    assert sorted(label.partition(" · ")[2] for label in groups(folder)) == ["2 photos", "4 photos", "4 photos"]
    assert no_traceback(press(app, "Undo"))
    assert kept(folder) == []


def test_photos_found_on_the_map_are_put_together(folder):
    app = open_page("pages/Map.py", folder, find="blue", projection="pca")
    assert no_traceback(app)
    app = press(app, "Same model: 2 selected photos")
    assert [each.kind for each in kept(folder)] == [SAME]


def test_an_accepted_label_can_move_its_photo_too(tmp_path):
    folder = mixed_folder(tmp_path / "mixed", {"blue": [BLUE] * 8, "green": [GREEN] * 7 + [RED], "red": [RED] * 8})
    app = press(open_page("pages/Review.py", folder), "Accept")
    app.segmented_control[1].set_value("accepted")
    app = settled(app)
    assert kept(folder) == []
    assert "It is already in the group" in texts(app)


def upload(monkeypatch, catalog, name, content):
    grouping = SimpleNamespace(fitted=SimpleNamespace(catalog=catalog))
    file = SimpleNamespace(name=name, getvalue=lambda: content)
    monkeypatch.setattr(files.st, "session_state", {"corrections-file": file})
    files._take_over(grouping)
    return files.st.session_state["corrections-imported"].n_new


def test_a_file_is_imported_once_and_a_bad_one_not_at_all(monkeypatch):
    catalog = catalog_of([f"{number:032x}" for number in range(4)])
    head = "correction,kind,part,image_id\n"
    rows = "".join(f"1,same,1,{image_id}\n" for image_id in catalog.image_ids[:2])
    assert upload(monkeypatch, catalog, "a.csv", (head + rows).encode()) == 1
    assert upload(monkeypatch, catalog, "a.csv", (head + rows).encode()) == 0
    before = read_actions(catalog)
    with pytest.raises(files.ShopsimError, match="Nothing was imported"):
        upload(monkeypatch, catalog, "b.csv", (head + f"1,same,1,{catalog.image_ids[2]}\n2,x,y,z\n").encode())
    assert read_actions(catalog) == before


def test_the_panel_offers_the_corrections_as_a_file(folder):
    catalog = load_catalog(folder)
    keep(catalog, action(SAME, [[image.digest for image in catalog.images[:2]]]))
    app = open_page("pages/Groups.py", folder)
    assert no_traceback(app)
    assert not sentences(app)
    assert "Download the corrections as CSV" in [each.label for each in app.get("download_button")]
    assert np.all([each.disabled for each in app.button if each.key == "corrections-import"])


def test_a_link_opens_the_same_photos_where_corrections_number_the_groups_differently(folder):
    catalog = load_catalog(folder)
    keys = photo_keys(catalog)
    # Blue comes first; without its two photos together, the later groups have other numbers.
    keep(catalog, action(DIFFERENT, [[keys[0]], [keys[1]]]))
    app = open_page("pages/Confusion.py", folder)
    link = next(link.proto for link in app.get("page_link") if link.proto.label.startswith("Open group"))
    address = dict(parse_qsl(link.query_string))
    opened = open_page("pages/Groups.py", **address)
    assert address["photo"].rpartition("/")[2] in " ".join(shown_photos(opened))
    assert "photo" not in address_of(opened)
    assert address_of(opened)["group"] != address["group"]
