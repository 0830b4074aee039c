"""A second extractor in the sidebar: its share, its link, and what every page makes of it."""

import numpy as np
import pytest
from app_pages import address_of, go_to, metrics, no_traceback, open_page, select, sentences, settled, texts, threshold

from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.ui.sidebar import PAGES

SECOND = "Add a second extractor"
LINK = {"add": "color_shape", "share": "0.4"}


def share(app):
    return next((slider for slider in app.slider if slider.label.startswith("Share of ")), None)


def test_there_is_none_at_first(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert select(app, SECOND).value == ""
    assert select(app, SECOND).options[0] == "None"
    assert share(app) is None
    assert not {"add", "share"} & address_of(app).keys()


def test_only_others_that_start_by_themselves_are_offered(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    offered = set(select(app, SECOND).options)
    assert offered == {"None", *(extractors.entry(name).title for name in extractors.names())} - {
        extractors.entry(name).title for name in ("fake", "tfhub", "fine_tuned")
    }


def test_a_chosen_one_takes_part_with_its_usual_share_and_stands_in_the_address(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, SECOND).set_value("color_shape")
    settled(app)
    assert no_traceback(app)
    assert (share(app).label, share(app).value) == ("Share of Colour and shape", 30)
    assert {name: address_of(app)[name] for name in ("add", "share")} == {"add": "color_shape", "share": "0.3"}
    assert "color_shape, 30% of the similarity:" in texts(app)
    assert "ARI" in metrics(app)


def test_another_share_drops_the_threshold_and_another_threshold_keeps_the_share(tiny_catalog):
    app = open_page(folder=tiny_catalog, **LINK)
    threshold(app).set_value(99.9).run()
    assert share(app).value == 40
    share(app).set_value(70)
    settled(app)
    assert address_of(app)["share"] == "0.7"
    assert "at" not in address_of(app)
    assert "color_shape, 70% of the similarity:" in texts(app)


def test_without_it_the_page_is_as_it_was(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    before = address_of(app), texts(app), metrics(app)
    select(app, SECOND).set_value("color_shape")
    settled(app)
    select(app, SECOND).set_value("")
    settled(app)
    assert (address_of(app), texts(app), metrics(app)) == before


@pytest.mark.parametrize("page", [file for file, _ in PAGES.values()])
def test_every_page_opens_with_it_and_keeps_it(tiny_catalog, page):
    app = open_page(page, folder=tiny_catalog, **LINK)
    assert no_traceback(app)
    # Learn needs more photos than these.
    assert sentences(app) == sentences(open_page(page, folder=tiny_catalog))
    go_to(app, "app.py")
    assert no_traceback(app)
    assert LINK.items() <= address_of(app).items()


def test_a_share_that_is_no_whole_percent_stays_as_the_link_gave_it(tiny_catalog):
    app = open_page(folder=tiny_catalog, add="color_shape", share="0.333", at="0.999")
    assert share(app).value == 33
    assert address_of(app).items() >= {"share": "0.333", "at": "0.999"}.items()


def test_the_second_becomes_none_when_it_is_chosen_as_the_first(tiny_catalog):
    app = open_page(folder=tiny_catalog, **LINK)
    select(app, "Feature extractor").set_value("color_shape")
    settled(app)
    assert no_traceback(app)
    assert select(app, SECOND).value == ""
    assert "add" not in address_of(app)


def test_weights_that_are_missing_are_told_of_under_it(tiny_catalog):
    app = open_page(folder=tiny_catalog, add="mobilenet_v2")
    assert no_traceback(app)
    assert "Its weights are not at hand yet." in texts(app)
    assert share(app).value == 50


def test_photos_that_only_the_first_extractor_knows_are_listed(tiny_catalog, monkeypatch):
    def blind_to_the_first(catalog, name, *given):
        ids = catalog.image_ids[1:] if name == "color_shape" else catalog.image_ids
        rows = np.random.default_rng(len(name)).standard_normal((len(ids), 8)).astype(np.float32)
        return Features(rows, ids, name)

    monkeypatch.setattr("shopsim.ui.compute.features_of", blind_to_the_first)
    app = open_page(folder=tiny_catalog, **LINK)
    assert no_traceback(app)
    assert "1 photo compared by the first extractor only" in [expander.label for expander in app.expander]
    assert "16 photos" in texts(app)
