"""The Map page as visitors meet it: what is drawn, what colours say, what a search finds."""

import json

import numpy as np
import pytest
from app_pages import address_of, button, button_labels, no_traceback, select, settled, texts, visit
from map_pages import drawn, move_threshold, open_map
from mixed_folders import read, shown_photos

from shopsim import ShopsimError
from shopsim.ui.charts.map_colours import FOUND, REST, RIGHT, SPLIT, WRONG


def search(app, text):
    (field,) = [field for field in app.text_input if field.label == "Find"]
    field.set_value(text)
    return settled(app)


# What is drawn


def test_every_photo_is_a_point_with_name_picture_group_and_model(folder):
    app = open_map(folder)
    points = drawn(app)
    assert len(points) == 10
    assert points.loc[0, "name"] == "blue-10.png"
    assert points.loc[0, "model"] == "blue"
    assert points["image"].str.match(r"app/static/[0-9a-f]{2}/[0-9a-f]{32}\.jpg").all()
    assert np.isfinite(points[["x", "y"]].to_numpy()).all()


def test_pictures_for_pointing_are_made_under_the_names_the_chart_knows(folder, tmp_path):
    points = drawn(open_map(folder))
    made = {f"app/static/{path.parent.name}/{path.name}" for path in (tmp_path / "static").rglob("*.jpg")}
    assert set(points["image"]) <= made


def test_the_wrong_photo_is_the_one_that_stands_out(folder):
    points = drawn(open_map(folder))
    assert points.index[points["kind"] == WRONG].tolist() == [5]
    assert points.loc[5, "name"] == "green-8.png"
    assert points.loc[5, "verdict"] == "wrong"


def test_the_legend_counts_and_explains_each_colour(folder):
    app = open_map(folder)
    assert "1 wrong: its group shows another model" in " ".join(read(app).split())
    assert "A photo is right if" in texts(app)


def test_points_stay_and_colours_follow_when_the_threshold_moves(folder):
    app = open_map(folder)
    before = drawn(app)
    after = drawn(move_threshold(app, 100.0))
    assert after[["x", "y"]].equals(before[["x", "y"]])
    assert (after["kind"] == SPLIT).sum() > (before["kind"] == SPLIT).sum()


def test_another_clustering_moves_no_point_and_lays_nothing_out_again(folder, monkeypatch):
    before = drawn(open_map(folder))
    from shopsim.features.projections.pca import Pca

    monkeypatch.setattr(Pca, "project", None)
    after = drawn(open_map(folder, clusterer="single"))
    assert after[["x", "y"]].equals(before[["x", "y"]])


@pytest.mark.parametrize("name", ["tsne", pytest.param("umap", marks=pytest.mark.slow)])
def test_every_projection_can_be_chosen_by_address(folder, name):
    app = open_map(folder, projection=name)
    assert no_traceback(app)
    assert len(drawn(app)) == 10
    assert address_of(app).get("projection", "tsne") == name


def test_the_quick_map_is_drawn_while_the_slow_one_is_computed(folder, monkeypatch):
    import threading

    from shopsim.features.projections.tsne import Tsne

    go_on = threading.Event()
    monkeypatch.setattr(Tsne, "project", lambda self, vectors, seed=0: go_on.wait(30) and vectors[:, :2] * 3)
    app = visit("pages/Map.py", folder)
    for _ in range(40):
        app.run()
        if app.get("vega_lite_chart"):
            break
    try:
        (bar,) = app.get("progress")
        assert "Drawn is **PCA** until t-SNE is ready" in bar.proto.text
        assert "Stop" in button_labels(app)
        quick = drawn(app)
    finally:
        go_on.set()
    app = settled(app)
    assert not app.get("progress")
    assert not drawn(app)["x"].equals(quick["x"])


def test_the_quick_map_stays_where_the_slow_one_was_stopped(folder, monkeypatch):
    from shopsim.base.work.progress import Stopped
    from shopsim.features.projections.tsne import Tsne

    def stopped(self, vectors, seed=0):
        raise Stopped

    with monkeypatch.context() as meanwhile:
        meanwhile.setattr(Tsne, "project", stopped)
        app = open_map(folder, projection=None)
        assert "Drawn is **PCA**, since t-SNE was stopped." in texts(app)
        quick = drawn(app)
    button(app, "Compute t-SNE").click()
    app = settled(app)
    assert "was stopped" not in texts(app)
    assert not drawn(app)["x"].equals(quick["x"])


def test_why_pictures_are_missing_is_shown_as_it_is_written(folder, monkeypatch):
    def refuse(self, images, progress):
        raise ShopsimError("Cannot write '/a_b_c/*x*.jpg'.")

    monkeypatch.setattr("shopsim.catalog.photos.hover_pictures.HoverPictures.make_all", refuse)
    app = open_map(folder)
    assert r"Cannot write '/a\_b\_c/\*x\*.jpg'." in "\n".join(caption.value for caption in app.caption)


def test_the_chart_is_named_and_reports_its_selections(folder):
    (chart,) = open_map(folder).get("vega_lite_chart")
    assert sorted(chart.proto.selection_mode) == ["brush", "pick", "zoom"]
    assert "map-" in chart.proto.id
    assert json.loads(chart.proto.spec)["encoding"]["x"]["axis"] is None


# Colours


def test_one_group_stands_against_grey_with_its_intruder(folder):
    points = drawn(open_map(folder, color="group", group="2"))
    assert points.index[points["kind"] == RIGHT].tolist() == [6, 7, 8, 9]
    assert points.index[points["kind"] == WRONG].tolist() == [5]
    assert (points["kind"] == REST).sum() == 5


def test_one_model_shows_where_it_is_split(folder):
    points = drawn(open_map(folder, color="model", model="green"))
    assert points.index[points["kind"] == RIGHT].tolist() == [2, 3, 4]
    assert points.index[points["kind"] == SPLIT].tolist() == [5]


def test_the_chosen_group_is_followed_to_its_new_number(folder):
    app = open_map(folder, color="group", group="2")
    held = set(drawn(app).query("kind in (1, 3)").index)
    app = move_threshold(app, 100.0)
    chosen = select(app, "Group").value
    assert chosen == address_of(app)["group"] != "2"
    assert held > set(drawn(app).query("kind in (1, 3)").index) != set()


def test_a_hint_shows_its_group_and_the_photos_of_it(folder):
    app = open_map(folder)
    button(app, "Group 2").click()
    app = settled(app)
    assert address_of(app)["color"] == "group"
    assert address_of(app)["group"] == "2"
    assert shown_photos(app)[0] == "green/green-8.png"
    assert len(shown_photos(app)) == 5


def test_a_split_model_is_a_click_away(folder):
    app = open_map(folder)
    button(app, "green").click()
    app = settled(app)
    assert address_of(app)["model"] == "green"


def test_categories_have_colours_where_there_are_categories(tiny_catalog):
    app = open_map(tiny_catalog, color="category")
    assert select(app, "Colours").value == "category"
    assert drawn(app)["kind"].nunique() == 2


# Search


def test_what_is_searched_for_stands_out_and_is_shown(folder):
    app = search(open_map(folder), "green")
    points = drawn(app)
    assert points.index[points["kind"] != REST].tolist() == [2, 3, 4, 5]
    assert set(shown_photos(app)) == {f"green/green-{number}.png" for number in (5, 6, 7, 8)}
    assert address_of(app)["find"] == "green"


def test_a_search_reaches_beyond_the_chosen_group(folder):
    points = drawn(open_map(folder, color="group", group="2", find="blue"))
    assert points.index[points["kind"] == FOUND].tolist() == [0, 1]


def test_finding_nothing_is_said(folder):
    app = search(open_map(folder), "no such *thing*")
    assert "No photo with “no such *thing*”" in texts(app)
    assert (drawn(app)["kind"] == REST).all()


def test_photos_shown_can_be_downloaded(folder):
    app = search(open_map(folder), "green")
    assert app.get("download_button")
