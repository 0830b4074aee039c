"""The Compare page with a second extractor in the sidebar: it is a setting as any other."""

import json

import pytest
from app_pages import address_of, button, no_traceback, settled, texts, visit
from drawn_photos import draw_models
from mixed_folders import BLUE, GREEN, RED

PAGE = "pages/Compare.py"
LINK = {"add": "color_shape", "share": "0.4"}
PAIR = "Fake 60% + Colour and shape 40%"


@pytest.fixture
def folder(tmp_path):
    """Eight models of three photos."""
    return draw_models(tmp_path / "many", 8, n_photos=3, colours=(RED, GREEN, BLUE))


def scored(folder, extractors):
    """The page after the leaderboard of these extractors, each with one space and one clusterer."""
    app = settled(visit(PAGE, folder, **LINK))
    app.multiselect(key="compare-extractor").set_value(extractors(app.multiselect(key="compare-extractor")))
    app.multiselect(key="compare-space").set_value(["whitened"])
    app.multiselect(key="compare-clusterer").set_value(["average"])
    settled(app)
    button(app, "Start").click()
    return settled(app)


def both(field):
    return [field.value[0], "fake"]


def table(app):
    (found,) = app.dataframe
    return found


def select(app, cells=(), rows=()):
    app.session_state[table(app).proto.id.split("-", 2)[-1]] = {
        "selection": {"rows": list(rows), "columns": [], "cells": list(cells)}
    }
    return settled(app)


def test_the_setting_of_the_sidebar_is_a_row_marked_now(folder):
    app = scored(folder, lambda field: field.value)
    assert no_traceback(app)
    assert app.multiselect(key="compare-extractor").options[-1] == PAIR
    marks = dict(zip(table(app).value["clusterer"], table(app).value["mark"], strict=True))
    assert "now" in marks["Average linkage"]


def test_both_rows_stand_beside_each_other_and_a_click_takes_one_over(folder):
    app = scored(folder, both)
    frame = table(app).value
    settings = frame[frame["clusterer"] == "Average linkage"]
    assert list(settings["second"].dropna()) == ["Colour and shape 40%"]
    plain = int(settings.index[settings["second"].isna()][0])
    app = select(app, cells=[(plain, "ari")])
    assert no_traceback(app)
    assert "add" not in address_of(app)
    assert "now" in table(app).value.loc[plain, "mark"]


def test_ticked_rows_are_drawn_and_the_last_becomes_b(folder):
    app = scored(folder, both)
    frame = table(app).value
    settings = frame[frame["clusterer"] == "Average linkage"]
    app = select(app, rows=[int(row) for row in settings.index])
    assert no_traceback(app)
    spec = json.loads(app.get("vega_lite_chart")[0].proto.spec)
    assert set(spec["layer"][0]["encoding"]["color"]["scale"]["domain"]) == {PAIR, "Fake"}


def test_two_settings_side_by_side_name_both_extractors(folder):
    app = settled(visit(PAGE, folder, **LINK))
    field = next(select for select in app.selectbox if select.label == "Extractor of B")
    assert PAIR in field.options
    field.set_value("fake")
    settled(app)
    next(select for select in app.selectbox if select.label == "Clustering of B").set_value("average")
    settled(app)
    assert no_traceback(app)
    assert f"A: {PAIR}" in texts(app)
    assert "B: Fake" in texts(app)


def test_a_link_holds_the_second_extractor_of_b(folder):
    app = settled(visit(PAGE, folder, beside="extractor=fake&add=color_shape&share=0.25"))
    assert no_traceback(app)
    assert "B: Fake 75% + Colour and shape 25%" in texts(app)
