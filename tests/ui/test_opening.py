"""The automatic choice of a catalogue, without a page."""

import numpy as np
from app_pages import metrics, no_traceback, settled, texts, visit

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import silent
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.ui import opening
from shopsim.ui.choice import Choice


def test_the_check_is_made_anew_when_another_extractor_can_no_longer_start(tiny_catalog, tmp_path, monkeypatch):
    catalog = load_catalog(tiny_catalog, cache=tmp_path)
    features = Features(np.eye(len(catalog.images), dtype=np.float32), catalog.image_ids, "key")
    keys = []
    for others in (("mobilenet_v2", "color_shape"), ("color_shape",), ("mobilenet_v2", "color_shape")):
        monkeypatch.setattr(opening, "companions_of", lambda name, others=others: others)
        keys.append(opening.check_task(catalog, features, Choice())[0])
    assert keys[0] == keys[2] != keys[1]


def test_a_check_that_fails_leaves_the_default_setting_and_says_why(tiny_catalog, tmp_path, monkeypatch):
    def refuse(*_, **__):
        raise ShopsimError("Cannot write to '/full': the disk is full.")

    monkeypatch.setattr(opening, "apart", refuse)
    catalog = load_catalog(tiny_catalog, cache=tmp_path)
    features = Features(np.eye(len(catalog.images), dtype=np.float32), catalog.image_ids, "key")
    choice = Choice(extractor="color_shape")
    _, _, work = opening.check_task(catalog, features, choice)
    found = work(silent)
    assert opening.with_candidate(choice, found.candidate) == choice
    assert found.sentence == (
        "The default setting is used, since others could not be checked: Cannot write to '/full': the disk is full."
    )


def test_a_check_that_fails_is_made_again_by_the_next_visitor_only(tiny_catalog, monkeypatch):
    monkeypatch.setenv("SHOPSIM_EXTRACTOR", "color_shape")
    monkeypatch.setattr("shopsim.ui.page.is_checked", lambda catalog: True)
    check, refused = opening.check_opening, []

    def refuse(*_, **__):
        refused.append(True)
        raise ShopsimError("The disk is full.")

    monkeypatch.setattr(opening, "check_opening", refuse)
    app = settled(visit(folder=tiny_catalog, extractor=None))
    settled(app)
    assert no_traceback(app)
    assert metrics(app)["ARI"]
    assert "others could not be checked: The disk is full" in texts(app)
    assert len(refused) == 1
    monkeypatch.setattr(opening, "check_opening", check)
    other = settled(visit(folder=tiny_catalog, extractor=None))
    assert "could not be checked" not in texts(other)
    assert metrics(other)["ARI"]
    assert "could not be checked" in texts(settled(app))
