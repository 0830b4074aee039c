"""The Compare page as visitors meet it: leaderboard, click and ticks, curves, two settings side by side."""

import json
import re
import threading
import time

import pytest
from app_pages import address_of, button, button_labels, go_to, no_traceback, sentences, settled, texts, visit
from drawn_photos import draw_models, draw_photo
from mixed_folders import BLUE, GREEN, RED, plain_folder, read, shown_photos

from shopsim.tuning import leaderboard_row as leaderboard_task
from shopsim.tuning.held_out import held_out
from shopsim.tuning.leaderboard import DUMB

PAGE = "pages/Compare.py"


@pytest.fixture
def folder(tmp_path):
    """Eight models of three photos, three colours in all: no setting can be right."""
    name = "model {model}/{model}-{number}.png"
    return draw_models(tmp_path / "many", 8, n_photos=3, colours=(RED, GREEN, BLUE), name=name)


def open_compare(folder, spaces=("raw",), clusterers=("average", "complete"), **address):
    """The page with these settings chosen; nothing is scored yet."""
    app = settled(visit(PAGE, folder, **address))
    app.multiselect(key="compare-space").set_value(list(spaces))
    app.multiselect(key="compare-clusterer").set_value(list(clusterers))
    return settled(app)


def started(app, label="Start"):
    button(app, label).click()
    return settled(app)


def board(app):
    """The table of rows; the page has no other."""
    (table,) = app.dataframe
    return table.value


def select(app, cells=(), rows=()):
    """Click a cell, tick rows."""
    (table,) = app.dataframe
    key = table.proto.id.split("-", 2)[-1]
    app.session_state[key] = {"selection": {"rows": list(rows), "columns": [], "cells": list(cells)}}
    return settled(app)


def place_of(app, clusterer, space="Raw"):
    frame = board(app)
    return int(frame.index[(frame["clusterer"] == clusterer) & (frame["space"] == space)][0])


def charts(app):
    return app.get("vega_lite_chart")


def names_drawn(app):
    """The settings that have a line in the chart of curves."""
    return json.loads(charts(app)[0].proto.spec)["layer"][0]["encoding"]["color"]["scale"]["domain"]


# The leaderboard


def test_before_the_start_it_says_what_it_costs(folder):
    app = open_compare(folder)
    assert no_traceback(app)
    assert "2 settings on 24 photos: roughly" in texts(app)
    assert not app.dataframe


def test_a_first_look_takes_the_chosen_extractor_and_every_space(folder):
    app = settled(visit(PAGE, folder))
    assert app.multiselect(key="compare-extractor").value == ["fake"]
    assert {"raw", "whitened"} <= set(app.multiselect(key="compare-space").value)
    assert {"average", "complete", "kmeans"} <= set(app.multiselect(key="compare-clusterer").value)


def test_all_settings_and_what_they_are_compared_with_are_rows(folder):
    app = started(open_compare(folder))
    assert no_traceback(app)
    frame = board(app)
    assert set(frame["clusterer"]) == {*DUMB, "Contest baseline", "Average linkage", "Complete linkage"}
    assert frame["ari"].is_monotonic_decreasing
    assert frame["mark"].str.contains("★").sum() == 1
    assert frame["mark"].str.contains("now").sum() == 0, "the sidebar's space is another"
    assert "Download as CSV" in [element.proto.label for element in app.get("download_button")]
    assert "**Held-out ARI**: the threshold is tuned on some models" in "\n".join(c.value for c in app.caption)


def test_nothing_chosen_cannot_be_started(folder):
    app = open_compare(folder, clusterers=())
    assert no_traceback(app)
    assert button(app, "Start").disabled
    assert "Choose at least one extractor" in texts(app)


def test_it_stops_shows_what_it_has_and_goes_on(folder, monkeypatch):
    gate, done = threading.Event(), []

    def slow(catalog, features, candidates, n_folds, seed, progress, *rest, **more):
        if done and not gate.wait(30):
            raise TimeoutError
        result = held_out(catalog, features, candidates, n_folds, seed, progress)
        done.extend(recipe.clusterer for recipe in candidates or ())
        return result

    monkeypatch.setattr(leaderboard_task, "held_out", slow)
    app = open_compare(folder)
    button(app, "Start").click().run()
    while not done:
        app.run()
    deadline = time.monotonic() + 60
    # The row comes a little after what it tells is computed.
    while "Average linkage" not in set(board(app)["clusterer"]):
        assert time.monotonic() < deadline
        app.run()
    button(app, "Stop").click().run()
    gate.set()
    settled(app)
    assert no_traceback(app)
    assert "Stopped. What was scored is kept." in texts(app)
    assert done == ["average"]
    app = started(app, "Go on")
    assert done == ["average", "complete"]
    assert "Complete linkage" in set(board(app)["clusterer"])


def test_a_click_takes_the_setting_into_the_sidebar(folder):
    app = started(open_compare(folder))
    app = select(app, cells=[(place_of(app, "Complete linkage"), "ari")])
    assert no_traceback(app)
    assert (address_of(app)["clusterer"], address_of(app)["space"]) == ("complete", "raw")
    assert board(app).loc[place_of(app, "Complete linkage"), "mark"].endswith("now")
    assert go_to(app, "app.py").selectbox(key="side-clusterer").value == "complete"


def test_a_click_on_a_row_that_is_no_setting_changes_nothing(folder):
    app = started(open_compare(folder))
    before = address_of(app)
    frame = board(app)
    app = select(app, cells=[(int(frame.index[frame["clusterer"] == "Contest baseline"][0]), "ari")])
    assert no_traceback(app)
    assert address_of(app) == before


def test_ticked_rows_are_drawn_and_the_last_becomes_b(folder):
    app = started(open_compare(folder))
    app = select(app, rows=[place_of(app, "Complete linkage"), place_of(app, "Average linkage")])
    assert no_traceback(app)
    assert app.selectbox(key="compare-b-space").value == "raw"
    assert "Raw · Complete linkage" in names_drawn(app)


@pytest.mark.parametrize("view", ["groups", "pairs"])
def test_the_curves_can_be_drawn_otherwise(folder, view):
    app = open_compare(folder)
    app.segmented_control(key="compare-view").set_value(view).run()
    assert no_traceback(app)
    assert ("log" in charts(app)[0].proto.spec) == (view == "groups")


def test_too_few_models_are_told_and_the_rest_works(tmp_path):
    for number in range(8):
        draw_photo(tmp_path / "few" / f"model {number % 2}" / f"{number}.png", RED if number % 2 else BLUE, number)
    app = started(open_compare(tmp_path / "few"))
    assert no_traceback(app)
    assert "cannot be held out" in "\n".join(sentences(app))
    assert "Try again" in button_labels(app)
    assert "Side by side" in texts(app)


def test_an_own_setting_takes_part_beside_the_default(folder):
    app = settled(visit(PAGE, folder, **{"space.strength": "0.2"}))
    assert "whitened?strength=0.2" in app.multiselect(key="compare-space").value
    assert "Whitened, strength 0.2" in app.multiselect(key="compare-space").options


# Side by side


def other_clusterer(app, name, space="raw"):
    app.selectbox(key="compare-b-space").set_value(space)
    app.selectbox(key="compare-b-clusterer").set_value(name)
    return settled(app)


@pytest.mark.parametrize(("own", "other"), [("average", "complete"), ("complete", "average")])
def test_a_linkage_stands_beside_at_first(folder, own, other):
    app = settled(visit(PAGE, folder, clusterer=own, space="raw"))
    assert app.selectbox(key="compare-b-clusterer").value == other
    assert not sentences(app)


def test_a_link_puts_the_same_setting_beside(folder):
    sender = other_clusterer(open_compare(folder, space="raw"), "complete", "whitened")
    receiver = settled(visit(PAGE, **address_of(sender)))
    assert no_traceback(receiver)
    assert receiver.selectbox(key="compare-b-clusterer").value == "complete"
    assert receiver.selectbox(key="compare-b-space").value == "whitened"


def test_a_link_cannot_name_a_network_to_be_loaded(folder):
    app = settled(visit(PAGE, folder, beside="extractor=tfhub&extractor.handle=elsewhere&clusterer=complete"))
    assert no_traceback(app)
    assert not sentences(app)
    assert app.selectbox(key="compare-b-extractor").value != "tfhub?handle=elsewhere"
    assert app.selectbox(key="compare-b-clusterer").value == "complete"


def test_both_sides_say_what_their_threshold_was_chosen_on(folder):
    app = other_clusterer(open_compare(folder, space="raw"), "complete")
    assert no_traceback(app)
    assert "A: Average linkage" in texts(app)
    assert "B: Complete linkage" in texts(app)
    assert texts(app).count("tuned on these photos.") >= 2


def test_models_and_pairs_that_changed_are_shown_with_photos(folder):
    app = open_compare(folder, space="raw", at="0.999999")
    app = other_clusterer(app, "average")
    assert no_traceback(app)
    said = texts(app)
    assert "pairs right that are wrong in A" in said
    assert "A's" not in said
    assert "in A → " in read(app)
    assert len(shown_photos(app)) >= 24
    assert any(label.startswith("Rightly joined (") for label in app.segmented_control(key="compare-kind").options)


def test_the_same_setting_twice_changes_nothing(folder):
    app = other_clusterer(open_compare(folder, space="raw"), "average")
    assert no_traceback(app)
    assert "Both settings make the same groups" in "\n".join(element.value for element in app.success)


def test_k_means_stands_beside_a_tree_at_its_best_number_of_groups(folder):
    app = other_clusterer(open_compare(folder, space="raw"), "kmeans")
    assert no_traceback(app)
    assert "B: K-means" in texts(app)
    best = re.search(r"Groups (\d+), tuned on these photos\.", texts(app))
    assert best is not None
    assert int(best[1]) > 1, "it would open with 24 // 70 photos per model"


def test_without_labels_the_pairs_still_work(tmp_path):
    app = settled(visit(PAGE, plain_folder(tmp_path / "plain"), space="raw", at="0.9999999"))
    assert no_traceback(app)
    assert "no photo here has one" in texts(app)
    app = other_clusterer(app, "complete")
    assert no_traceback(app)
    assert "B joins" in texts(app)
    assert "No true models are known" in texts(app)
    assert len(shown_photos(app)) >= 2


def test_hostile_addresses_fall_back(folder, subtests):
    for value in ["nan", "-1", "<b>", "9" * 400]:
        with subtests.test(value=value):
            app = settled(visit(PAGE, folder, at=value, clusterer=value, group=value, space=value, beside=value))
            assert no_traceback(app)
            assert not sentences(app)
