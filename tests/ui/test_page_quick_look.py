"""The first visit: a quick look at once, one change to the deep features, and a question to who has moved something."""

import shutil
import time
from dataclasses import replace

import pytest
from app_pages import (
    RECIPE,
    TIMEOUT_S,
    address_of,
    button,
    button_labels,
    go_to,
    metrics,
    no_traceback,
    open_page,
    select,
    settled,
    texts,
    threshold,
    visit,
)
from slow_network import slow_network

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.default_extractor import DEEP, QUICK
from shopsim.ui import quick_look
from shopsim.ui.choice import Choice

QUICK_LOOK = "This is a quick look by colour and shape"


@pytest.fixture
def network(monkeypatch):
    monkeypatch.delenv("SHOPSIM_EXTRACTOR")
    with slow_network() as slow:
        yield slow


def until(app, condition):
    """The page once the condition holds, run again and again as its timers do."""
    deadline = time.monotonic() + TIMEOUT_S
    app.run()
    while not condition(app):
        assert time.monotonic() < deadline, texts(app)
        time.sleep(0.05)
        app.run()
    return app


def extractor(app):
    shown = select(app, "Feature extractor")
    return None if shown is None else shown.value


def is_quick_look(app):
    return QUICK_LOOK in told(app) and bool([slider for slider in app.slider if "threshold" in slider.label])


def told(app):
    """Running text and what stands at the bars."""
    return "\n".join([texts(app), *(bar.proto.text for bar in app.get("progress"))])


def first_visit(folder, page="app.py", **address):
    return until(visit(page, folder=folder, extractor=None, **address), is_quick_look)


def test_a_first_visit_shows_a_quick_look_and_changes_over_once(tiny_catalog, network):
    app = first_visit(tiny_catalog)
    assert extractor(app) == QUICK
    assert address_of(app) == {"folder": str(tiny_catalog)}
    assert "EfficientNet-Lite0" in told(app)
    network.may_go.set()
    until(app, lambda app: extractor(app) == DEEP)
    assert QUICK_LOOK not in told(app)
    assert address_of(app) == {"folder": str(tiny_catalog)}
    assert no_traceback(app)


def test_who_has_moved_the_threshold_is_asked(tiny_catalog, network):
    app = first_visit(tiny_catalog)
    threshold(app).set_value(60.0)
    app.run()
    network.may_go.set()
    until(app, lambda app: "Show the new groups" in button_labels(app))
    assert extractor(app) == QUICK
    assert threshold(app).value == 60.0
    assert address_of(app) == {
        "folder": str(tiny_catalog),
        "extractor": QUICK,
        **RECIPE,
        "at": "0.6",
    }
    button(app, "Show the new groups").click()
    until(app, lambda app: extractor(app) == DEEP)
    assert address_of(app) == {"folder": str(tiny_catalog)}


def test_who_keeps_the_quick_look_is_asked_no_more(tiny_catalog, network):
    app = first_visit(tiny_catalog)
    select(app, "Space").set_value("raw")
    app.run()
    network.may_go.set()
    until(app, lambda app: "Keep the quick look" in button_labels(app))
    button(app, "Keep the quick look").click()
    settled(app)
    assert extractor(app) == QUICK
    assert "Show the new groups" not in button_labels(app)
    assert "Show the new groups" not in button_labels(go_to(app, "pages/Groups.py"))


def test_groups_by_another_extractor_are_not_called_a_quick_look(tiny_catalog, network, fake_extractor):
    app = first_visit(tiny_catalog)
    select(app, "Feature extractor").set_value("fake")
    until(app, lambda app: extractor(app) == "fake" and metrics(app))
    assert QUICK_LOOK not in told(app)
    network.may_go.set()
    settled(app)
    assert "Show the new groups" not in button_labels(app)


def test_an_open_group_is_not_taken_away(tiny_catalog, network):
    app = first_visit(tiny_catalog, "pages/Groups.py")
    app.query_params["group"] = "0"
    app.run()
    network.may_go.set()
    until(app, lambda app: "Show the new groups" in button_labels(app))
    assert extractor(app) == QUICK
    assert address_of(app)["group"] == "0"


def test_a_network_that_fails_leaves_the_quick_look_and_says_why(tiny_catalog, network):
    network.error = ShopsimError("The weights are damaged.")
    app = first_visit(tiny_catalog)
    network.may_go.set()
    until(app, lambda app: "Try again" in button_labels(app))
    assert extractor(app) == QUICK
    assert "The weights are damaged." in app.warning[0].value
    assert metrics(app)
    network.error = None
    button(app, "Try again").click()
    until(app, lambda app: extractor(app) == DEEP)


def test_a_stopped_network_can_be_started_again(tiny_catalog, network):
    app = first_visit(tiny_catalog)
    assert network.has_begun.wait(TIMEOUT_S)
    until(app, lambda app: "Stop" in button_labels(app))
    button(app, "Stop").click()
    app.run()
    network.may_go.set()
    until(app, lambda app: "Go on" in button_labels(app))
    assert extractor(app) == QUICK
    assert metrics(app)
    button(app, "Go on").click()
    until(app, lambda app: extractor(app) == DEEP)


def test_features_in_the_cache_open_at_once(tiny_catalog, network):
    network.may_go.set()
    settled(first_visit(tiny_catalog))
    app = visit(folder=tiny_catalog, extractor=None)
    app.run()
    assert QUICK_LOOK not in told(app)
    assert extractor(settled(app)) == DEEP


def test_another_server_opens_at_once_what_is_in_the_cache(tiny_catalog, network, tmp_path, monkeypatch):
    from app_pages import fresh_server

    network.may_go.set()
    settled(first_visit(tiny_catalog))
    fresh_server(tmp_path / "static", monkeypatch)
    app = visit(folder=tiny_catalog, extractor=None)
    app.run()
    assert QUICK_LOOK not in told(app)
    assert extractor(settled(app)) == DEEP


@pytest.mark.parametrize("page", ["Map", "Groups", "Confusion", "Review", "Compare"])
def test_each_page_shows_the_quick_look_and_changes_over(page, tiny_catalog, network):
    app = until(visit(f"pages/{page}.py", folder=tiny_catalog, extractor=None), lambda app: QUICK_LOOK in told(app))
    assert no_traceback(app)
    network.may_go.set()
    until(app, lambda app: extractor(app) == DEEP)
    assert no_traceback(app)


def test_a_leaderboard_that_was_started_is_not_taken_away(tiny_catalog, network):
    app = first_visit(tiny_catalog, "pages/Compare.py")
    button(app, "Start").click()
    app.run()
    network.may_go.set()
    until(app, lambda app: "Show the new groups" in button_labels(app))
    assert extractor(app) == QUICK


def test_another_catalogue_stays_automatic(tiny_catalog, network, demo_folder):
    app = first_visit(tiny_catalog)
    app.query_params["folder"] = str(demo_folder)
    assert extractor(until(app, is_quick_look)) == QUICK
    assert select(app, "Settings").value == "/"


def test_an_open_group_leaves_the_choice_automatic_and_makes_a_link_that_names_all_of_it(tiny_catalog):
    app = open_page("pages/Groups.py", folder=tiny_catalog, extractor=None)
    button(app, "Group 0").click()
    settled(app)
    settled(app)
    assert select(app, "Settings").value == "/"
    assert address_of(app) == {"folder": str(tiny_catalog), "extractor": QUICK, **RECIPE, "group": "0"}


def test_a_link_of_an_earlier_version_to_a_group_means_what_it_meant(tiny_catalog, network):
    app = open_page("pages/Groups.py", folder=tiny_catalog, extractor=None, group="0")
    assert extractor(app) == QUICK
    assert select(app, "Settings").value == ""


def test_the_sidebar_says_why(tiny_catalog, network):
    app = first_visit(tiny_catalog)
    assert "A quick look comes first." in told(app)
    network.may_go.set()
    until(app, lambda app: extractor(app) == DEEP)
    assert "The default setting is used: to check others on held-out models" in told(app)


def test_a_link_to_the_quick_extractor_is_left_alone(tiny_catalog, network):
    app = open_page(folder=tiny_catalog, extractor=QUICK)
    assert QUICK_LOOK not in told(app)
    assert select(app, "Settings").value == ""


def test_the_way_back_to_the_automatic_choice(tiny_catalog, fake_extractor):
    app = open_page(folder=tiny_catalog, space="raw")
    select(app, "Settings").set_value("/")
    settled(app)
    assert extractor(app) == QUICK
    assert select(app, "Space").value == "whitened"
    assert address_of(app) == {"folder": str(tiny_catalog)}


@pytest.mark.parametrize("added", ["", "color_shape"])
def test_rows_on_disk_that_are_gone_are_computed_again(tiny_catalog, monkeypatch, added):
    monkeypatch.setattr("shopsim.features.extract.STREAM_FROM_BYTES", 0)
    monkeypatch.setattr(quick_look, "is_checked", lambda catalog: False)
    catalog = load_catalog(tiny_catalog, cache=cache_dir())

    def ended(target):
        for _ in range(4):
            _, job = quick_look._next_job(catalog, target)
            assert job.wait(TIMEOUT_S)
        return job.state, job.title

    target = Choice(extractor="fake", added=added)
    assert ended(target) == ("done", "Grouping 16 photos")
    shutil.rmtree(cache_dir() / "features")
    assert ended(replace(target, space="raw")) == ("done", "Grouping 16 photos")
