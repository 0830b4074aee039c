"""The Map page with more photos than Altair draws fluently, with and without the component."""

import json
import urllib.parse

import numpy as np
import pytest
from app_pages import no_traceback, texts
from map_pages import drawn, move_threshold, open_map
from mixed_folders import read

from shopsim.ui.charts.map_colours import WRONG
from shopsim.ui.map import component


@pytest.fixture(autouse=True)
def few(monkeypatch):
    """Six points are as many as Altair takes."""
    monkeypatch.setattr("shopsim.ui.map.drawn.FEW", 6)


@pytest.fixture
def bundle(tmp_path, monkeypatch):
    """A component that was built; nothing runs it here."""
    folder = tmp_path / "part" / "bundle"
    folder.mkdir(parents=True)
    for name in ("index-1.js", "map-1.css"):
        (folder / name).write_text("")
    monkeypatch.setattr(component, "bundle_dir", lambda: folder)


@pytest.fixture
def no_bundle(tmp_path, monkeypatch):
    monkeypatch.setattr(component, "bundle_dir", lambda: tmp_path / "nothing")


@pytest.fixture
def sent(monkeypatch):
    """The bytes that browsers may ask for, by their place."""
    kept = {}
    known = component.address_of

    def address_of(content, place, is_json=False):
        kept[place] = content
        return known(content, place, is_json)

    monkeypatch.setattr("shopsim.ui.map.many.address_of", address_of)
    return kept


def data_of(app):
    (mounted,) = app.get("bidi_component")
    return json.loads(mounted.proto.json)


def test_without_the_component_a_sample_is_drawn_and_the_page_says_what_would_draw_all(folder, no_bundle):
    app = open_map(folder)
    assert len(drawn(app)) == 6
    assert "Drawn are 6 of 10 photos: about the same share of each group, chosen at random." in texts(app)
    assert "run `make map`" in texts(app)
    assert no_traceback(app)


def test_an_installed_program_says_so_in_its_own_words(folder, no_bundle, monkeypatch):
    monkeypatch.setattr("shopsim.ui.map.explain.is_installed", lambda: True)
    app = open_map(folder)
    assert "Install one that was built on a machine with Node.js." in texts(app)
    assert "make map" not in texts(app)


def test_where_all_are_drawn_nothing_is_offered(folder, no_bundle, monkeypatch):
    monkeypatch.setattr("shopsim.ui.map.drawn.FEW", 10)
    app = open_map(folder)
    assert len(drawn(app)) == 10
    assert "make map" not in texts(app)


def test_the_component_gets_all_points_as_buffers(folder, bundle, sent):
    app = open_map(folder)
    assert no_traceback(app)
    assert not app.get("vega_lite_chart")
    data = data_of(app)
    points = np.frombuffer(sent["points"], "<f4").reshape(2, 10)
    assert np.abs(points).max() < 1
    assert [row for row, kind in enumerate(sent["kinds"]) if kind == WRONG] == [5]
    assert data["rows"] is data["shade"] is None
    assert "media/" in data["points"]
    assert "Drawn are" not in texts(app)
    assert "Drag around photos" in texts(app)


def test_the_component_gets_names_pictures_and_what_is_known(folder, bundle, sent):
    open_map(folder)
    photos, known = json.loads(sent["photos"]), json.loads(sent["known"])
    assert photos["name"][5] == "green-8.png"
    assert photos["image"][5].startswith("app/static/")
    assert [each["title"] for each in known] == ["model", "group", "verdict"]
    assert [each["texts"][each["of"][5]] for each in known][::2] == ["green", "wrong"]


def test_the_map_is_described_for_people_who_do_not_see_it(folder, bundle):
    summary = data_of(open_map(folder))["summary"]
    assert summary.startswith("Map of 10 photos by PCA. 1 wrong: its group shows another model;")


def test_the_legend_shows_points_as_they_are_drawn(folder, bundle, monkeypatch):
    assert "◆" not in read(open_map(folder))
    monkeypatch.setattr("shopsim.ui.map.drawn.FEW", 10)
    assert "◆" in read(open_map(folder))


def test_another_threshold_sends_other_colours_and_the_same_points(folder, bundle):
    app = open_map(folder)
    before = data_of(app)
    after = data_of(move_threshold(app, 100.0))
    assert after["points"] == before["points"]
    assert after["photos"] == before["photos"]
    assert after["kinds"] != before["kinds"]


def test_of_very_many_a_sample_is_drawn_before_a_shade_of_all(folder, bundle, sent, monkeypatch):
    monkeypatch.setattr("shopsim.ui.map.drawn.MANY", 9)
    monkeypatch.setattr("shopsim.ui.map.drawn.SAMPLE", 7)
    app = open_map(folder)
    assert len(sent["kinds"]) == 7
    assert len(np.frombuffer(sent["rows"], "<u4")) == 7
    assert len(sent["shade"]) == 512 * 512
    said = texts(app)
    assert "Drawn are 7 of 10 photos: about the same share of each group, chosen at random." in said
    assert "The shade behind them shows how densely all photos lie." in said


def test_a_projection_of_a_part_says_that_the_shade_is_of_a_part(folder, bundle, monkeypatch):
    monkeypatch.setattr("shopsim.features.projections.points.MAX_POINTS", 8)
    monkeypatch.setattr("shopsim.ui.map.drawn.MANY", 7)
    monkeypatch.setattr("shopsim.ui.map.drawn.SAMPLE", 7)
    app = open_map(folder, projection="tsne")
    assert "how densely 8 photos, chosen at random lie" in texts(app)


def test_a_browser_that_cannot_draw_gets_the_sample_and_the_reason(folder, bundle, monkeypatch):
    monkeypatch.setattr("shopsim.ui.map.map.why_failed", lambda: "no *WebGL*")
    monkeypatch.setattr("shopsim.ui.map.explain.why_failed", lambda: "no *WebGL*")
    app = open_map(folder)
    assert len(drawn(app)) == 6
    assert r"This browser could not draw all photos (no \*WebGL\*)" in "\n".join(each.value for each in app.caption)


def test_the_picture_of_a_point_is_made_when_it_is_asked_for(folder, bundle, sent, tmp_path):
    from shopsim.ui.map.on_request import make_asked_for

    open_map(folder)
    name = urllib.parse.unquote(json.loads(sent["photos"])["image"][5]).removeprefix("app/static/")
    place = tmp_path / "static" / name
    assert not place.exists()
    assert make_asked_for(name)
    assert place.read_bytes()[:2] == b"\xff\xd8"
    assert not make_asked_for("00/00" + "0" * 30 + ".jpg")


def test_pictures_are_offered_again_by_a_map_that_is_drawn_again(folder, bundle, sent):
    from shopsim.ui.map import on_request

    app = open_map(folder)
    name = urllib.parse.unquote(json.loads(sent["photos"])["image"][5]).removeprefix("app/static/")
    for other in range(on_request.MOST_MAPS):
        on_request.offer(f"another map {other}", {}, lambda image: None)
    assert not on_request.make_asked_for(name)
    move_threshold(app, 100.0)
    assert on_request.make_asked_for(name)
