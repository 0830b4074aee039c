"""Kept networks on the Learn page, and what other pages make of them."""

import os
from dataclasses import replace

from app_pages import PROJECT, address_of, button, no_traceback, open_page, sentences, settled, texts
from kept_cases import comparison, write_card
from learn_pages import charts, ids, learn
from mixed_folders import read, shown_photos

from shopsim.features.extractors.fine_tuned import NAME
from shopsim.features.networks.trained import names, remove_network
from shopsim.learning import process
from shopsim.learning.network.architecture import ARCHITECTURES, EFFICIENTNET_LITE0
from shopsim.learning.network.depth import DEPTHS, Depth


def split_rightly(folder, **fields):
    """A card whose held-out models m0 and m1 were one group before, and m2 was whole and then broken."""
    before, after = [0] * 6 + [1] * 3, [0] * 3 + [1] * 3 + [2, 3, 3]
    return write_card(held_out=comparison(ids(folder, "m0", "m1", "m2"), before, after, 3), models=["m5"], **fields)


def test_before_and_after_are_shown_with_the_models_that_changed(folder, weights):
    split_rightly(folder)
    app = learn(folder)
    assert no_traceback(app)
    table = app.dataframe[0].value
    assert table["ARI"].tolist() == [0.6, 0.8, 0.4]
    assert table["95 % interval"].tolist()[:2] == ["0.500 – 0.900"] * 2
    assert table["recall@1"].tolist()[:2] == [0.95, 0.95]
    assert "With so few models the difference may be chance: the 95 % interval of the ARI is 0.500 to 0.900." in texts(
        app
    )
    assert "m0" in read(app)
    assert set(shown_photos(app)) == set(ids(folder, "m0", "m1"))
    app.segmented_control(key="network shoes-1-models").set_value("worse")
    app = settled(app)
    assert set(shown_photos(app)) == set(ids(folder, "m2"))
    assert len(charts(app)) == 2


def test_what_was_trained_is_told_as_it_is_in_that_kind_of_network(folder, weights, monkeypatch):
    cut = Depth("The last five blocks", "layer", 16, 112, 1.0)
    five = replace(EFFICIENTNET_LITE0, depths=dict.fromkeys(DEPTHS, cut))
    monkeypatch.setitem(ARCHITECTURES, "efficientnet_lite0", five)
    write_card("new", depth="most", architecture="efficientnet_lite0")
    assert "trained: the last five blocks" in texts(learn(folder))
    remove_network("new")
    # Earlier versions trained MobileNetV2 only.
    write_card("old", depth="most")
    assert "trained: the last seven blocks" in texts(learn(folder))


def test_with_another_catalogue_open_the_photos_are_not_at_hand(folder, tiny_catalog, weights):
    split_rightly(folder)
    app = learn(tiny_catalog)
    assert no_traceback(app)
    assert "open the catalogue it was learnt from" in texts(app)
    assert not shown_photos(app)


def test_a_damaged_card_is_told_and_the_others_listed(folder, weights):
    write_card("broken", passes="many")
    write_card("whole")
    app = learn(folder)
    assert no_traceback(app)
    assert "The card of the network 'broken' is damaged" in sentences(app)[0]
    assert any("whole" in box.label for box in app.expander)


def test_a_network_becomes_the_extractor_of_every_page(folder, weights):
    name = write_card()
    app = learn(folder, space="raw", at="0.5")
    button(app, "Use as extractor").click()
    app = settled(app)
    assert button(app, "In use as extractor").disabled
    assert address_of(app)["extractor"] == NAME
    assert address_of(app)["extractor.network"] == name
    assert address_of(app)["space"] == "raw"
    assert "at" not in address_of(app)


def test_a_removed_network_is_gone_and_no_longer_chosen(folder, weights):
    name = write_card()
    app = learn(folder, extractor=NAME, **{"extractor.network": name})
    button(app, "Remove for good").click()
    app = settled(app)
    assert no_traceback(app)
    assert names() == []
    assert "extractor" not in address_of(app)
    assert "None yet" in texts(app)


def extractors_offered(app):
    return next(box for box in app.selectbox if box.label == "Feature extractor").options


def test_the_sidebar_offers_trained_networks_once_there_are_some(folder):
    app = open_page(folder=folder)
    assert "Trained network" not in extractors_offered(app)
    write_card("older")
    os.utime(write_path("older"), (1, 1))
    write_card("newer")
    app = settled(app)
    assert "Trained network" in extractors_offered(app)
    next(box for box in app.selectbox if box.label == "Feature extractor").set_value(NAME)
    app = settled(app)
    network = next(box for box in app.selectbox if box.label == "Network")
    assert network.options == ["newer", "older"]
    assert network.value == "newer"
    assert address_of(app)["extractor.network"] == "newer"


def write_path(name):
    return process.home_dir() / "networks" / name / "card.json"


def test_a_network_that_is_gone_stays_named_and_is_told(folder):
    write_card("here")
    app = open_page(folder=folder, extractor=NAME, **{"extractor.network": "gone"})
    assert no_traceback(app)
    network = next(box for box in app.selectbox if box.label == "Network")
    assert network.options == ["gone", "here"]
    assert network.value == "gone"
    assert "There is no trained network 'gone'" in texts(app)


def test_compare_offers_each_network_whose_weights_are_there(folder):
    write_card("without")
    name = write_card("with")
    model = write_path(name).parent / "saved_model"
    (model / "variables").mkdir(parents=True)
    for part in ("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"):
        (model / part).write_bytes(b"x")
    app = open_page("pages/Compare.py", folder=folder)
    assert no_traceback(app)
    assert "Trained network, network with" in app.multiselect(key="compare-extractor").options
    assert "Trained network" not in texts(app)


def test_the_page_stands_in_the_navigation_after_compare():
    from shopsim.ui.sidebar import PAGES

    assert list(PAGES).index("Learn") == list(PAGES).index("Compare") + 1
    assert {PROJECT / file for file, _ in PAGES.values()} == {PROJECT / "app.py", *PROJECT.glob("pages/*.py")}
