"""The Match page as visitors meet it: new photos, what becomes of them, and photos that are added for good."""

import shutil

import numpy as np
import pytest
from app_pages import (
    button,
    button_labels,
    fresh_server,
    go_to,
    metrics,
    no_traceback,
    open_page,
    sentences,
    settled,
    texts,
)
from drawn_photos import draw_models, draw_photo
from match_cases import BLACK, COLOURS
from mixed_folders import markup, read, shown_photos
from vectors import clustered_rows

from shopsim.base.paths import cache_dir, home_dir
from shopsim.catalog.incoming import KIND
from shopsim.ui.access import rights


@pytest.fixture
def folder(tmp_path):
    return draw_models(tmp_path / "old", len(COLOURS), 8, COLOURS)


@pytest.fixture
def new(tmp_path):
    draw_photo(tmp_path / "new/red.png", COLOURS[0], 901)
    draw_photo(tmp_path / "new/black 1.png", BLACK, 902)
    draw_photo(tmp_path / "new/black 2.png", BLACK, 903)
    (tmp_path / "new/bad.png").write_bytes(b"no photo")
    return tmp_path / "new"


def open_match(folder, **address):
    return open_page("pages/Match.py", folder, form="folders", space="raw", clusterer="average", **address)


def match(app, place):
    """The page once the photos at that path are matched."""
    if len(app.segmented_control[0].options) > 1:
        app.segmented_control[0].set_value("On this machine").run()
    app.text_input(key="match-path-text").set_value(str(place))
    button(app, "Match").click()
    return settled(app)


def test_the_page_asks_for_photos_and_shows_nothing_else(folder):
    app = open_match(folder)
    assert no_traceback(app)
    assert app.segmented_control[0].options == ["Files", "Folder", "Clipboard", "On this machine"]
    assert metrics(app) == {}


def test_each_photo_is_shown_with_its_group_and_its_nearest_photos(folder, new):
    app = match(open_match(folder), new)
    assert no_traceback(app)
    assert metrics(app) == {
        "New photos": "3", "Join a group": "1", "Show a new model": "2", "New models": "1", "Byte-equal copies": "0",
        "Left out": "1",
    }  # fmt: skip
    said = read(app)
    assert "Joins: group" in said
    assert said.count("New model: new group 10") == 2
    assert "runner-up: group" in said
    photos = shown_photos(app)
    assert photos[:6:6] == ["black 1.png"]
    assert all(photo.startswith("m00/") for photo in photos[photos.index("red.png") + 1 :][:5])
    assert "A photo joins its most alike group from" in texts(app)
    assert "probability" in said


def test_one_kind_of_photos_can_be_shown_alone(folder, new):
    app = match(open_match(folder), new)
    shown = next(control for control in app.segmented_control if control.label == "Show")
    assert shown.options == ["All (3)", "Joins a group (1)", "New model (2)", "Copy (0)"]
    shown.set_value("Joins a group").run()
    assert shown_photos(app)[0] == "red.png"
    assert "black 1.png" not in shown_photos(app)


def test_the_photos_stay_on_another_page_and_at_another_threshold(folder, new):
    app = match(open_match(folder), new)
    app = go_to(go_to(app, "pages/Groups.py"), "pages/Match.py")
    assert metrics(app)["New photos"] == "3"
    app.slider[0].set_value(99.0)
    assert metrics(settled(app))["New photos"] == "3"
    button(app, "Clear").click().run()
    assert metrics(app) == {}


def test_the_rule_of_the_groups_can_be_taken(folder, new):
    app = match(open_match(folder), new)
    rule = next(control for control in app.segmented_control if control.label == "When a photo joins a group")
    rule.set_value("mean")
    assert "group from 98.8% on. Chosen on the threshold of the groups" in texts(settled(app))


def test_photos_are_added_for_good_and_taken_back(folder, new):
    app = match(open_match(folder), new)
    button(app, "Add to the groups for good: 3 photos").click()
    app = settled(app)
    assert "Added to these groups" in texts(app)
    assert "Added 3 photos to 2 groups." in [each.value for each in app.success]
    assert set(shown_photos(app)) == {"red.png", "black 1.png", "black 2.png"}
    assert metrics(match(open_match(folder), new))["Byte-equal copies"] == "3"
    app = open_match(folder)
    app.toggle(key="match-regroup").set_value(True)
    app = settled(app)
    assert metrics(app)["Stay the same"] == "11"
    button(app, "Take back the photos added last: 3 photos").click()
    assert "Added to these groups" not in texts(settled(app))


def test_nothing_that_can_be_matched_is_said_with_its_reason(folder, tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none/bad.png").write_bytes(b"no photo")
    app = match(open_match(folder), tmp_path / "none")
    assert no_traceback(app)
    assert "no new photo that can be matched" in texts(app)
    assert "bad.png" in app.dataframe[0].value["file"].tolist()


def test_a_path_that_is_not_there_is_said(folder, tmp_path):
    app = match(open_match(folder), tmp_path / "nowhere")
    assert any("does not exist" in sentence for sentence in sentences(app))
    assert no_traceback(match(app, ""))


def test_photos_that_the_cache_lost_are_asked_for_again(folder, new):
    app = open_match(folder)
    app.file_uploader[0].set_value([("red.png", (new / "red.png").read_bytes(), "image/png")])
    button(app, "Match").click()
    app = settled(app)
    assert metrics(app)["New photos"] == "1"
    for path in (cache_dir() / KIND).glob("*/*"):
        path.unlink()
    for path in (path for path in (cache_dir() / KIND).iterdir() if path.is_dir()):
        path.rmdir()
    assert "the cache was cleared" in texts(settled(app))


def test_without_labels_there_is_no_probability(folder, new):
    app = open_page("pages/Match.py", folder, form="plain", space="raw", clusterer="average")
    app = match(app, new)
    assert no_traceback(app)
    assert metrics(app)["New photos"] == "3"
    assert "probability" not in read(app)


@pytest.mark.parametrize("clusterer", ["kmeans", "leiden", "single"])
def test_other_clusterings_work_too(folder, new, clusterer):
    app = open_page("pages/Match.py", folder, form="folders", space="raw", clusterer=clusterer)
    app = match(app, new)
    assert no_traceback(app)
    assert metrics(app)["New photos"] == "3"


def test_the_table_has_every_photo(folder, new):
    app = match(open_match(folder), new)
    table = next(frame.value for frame in app.dataframe if "decision" in frame.value)
    assert table["photo"].tolist() == ["black 1.png", "black 2.png", "red.png"]
    assert table["most alike group"].max() < 10 == table["group"].max()
    assert "Download the matches as CSV" in [element.label for element in app.get("download_button")]


def test_on_a_shared_server_only_paths_may_be_matched_and_nothing_added(folder, new, monkeypatch):
    rights.give_up()
    monkeypatch.setattr(rights, "is_local", lambda *_: False)
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder.parent))
    app = open_match(folder)
    assert app.segmented_control[0].options == ["On this machine"]
    app = match(app, new)
    assert metrics(app)["New photos"] == "3"
    assert button(app, "Add to the groups").disabled
    assert not [label for label in button_labels(app) if label.startswith("Take back")]
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder))
    assert any("may not be opened" in sentence for sentence in sentences(match(open_match(folder), new)))


def test_a_catalogue_of_vectors_takes_vectors(tmp_path):
    for name, rows in (("old", clustered_rows(60)), ("new", clustered_rows(60)[:3])):
        (tmp_path / name).mkdir()
        np.save(tmp_path / name / "features.npy", rows)
        (tmp_path / name / "img_paths.txt").write_text("".join(f"{name}{row:02}.jpg\n" for row in range(len(rows))))
    app = open_page("pages/Match.py", tmp_path / "old", extractor="own_vectors", space="raw", clusterer="average")
    assert app.segmented_control[0].options == ["On this machine"]
    app = match(app, tmp_path / "new")
    assert no_traceback(app)
    assert metrics(app)["New photos"] == "3"
    assert not [label for label in button_labels(app) if label.startswith("Add to the groups")]


def test_names_are_shown_as_they_are_written(folder, tmp_path):
    draw_photo(tmp_path / "new/<b onclick=x>.png", COLOURS[0], 901)
    app = match(open_match(folder), tmp_path / "new")
    assert no_traceback(app)
    assert "&lt;b onclick=x&gt;.png" in markup(app)
    assert "<b onclick" not in markup(app)


def test_an_added_photo_that_is_gone_is_said(folder, new, tmp_path, monkeypatch):
    app = match(open_match(folder), new)
    button(app, "Add to the groups for good: 3 photos").click()
    settled(app)
    next(home_dir().glob("added/*/photos/*")).unlink()
    shutil.rmtree(cache_dir() / "features")
    fresh_server(tmp_path / "static", monkeypatch)
    app = open_match(folder)
    assert no_traceback(app)
    assert "Added, but not compared: 1 photo" in [block.label for block in app.expander]
    assert len(shown_photos(app)) == 2
