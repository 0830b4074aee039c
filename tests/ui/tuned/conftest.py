"""What the tests of tuned settings share: models to tune on, others to group, and little to try."""

import pytest
from drawn_photos import draw_models

from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.fit import features_of
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.settings_files import save_settings
from shopsim.tuning.tune import tune
from shopsim.ui.tune.auto_plan import Plan

FEW = auto_candidates()[:2]


@pytest.fixture(autouse=True)
def server(server, monkeypatch):
    """Each test is the first visitor of a server of its own, where Auto has little to try."""

    monkeypatch.setattr(Plan, "candidates", lambda plan, companions: FEW)
    monkeypatch.setattr("shopsim.ui.tune.auto_plan.companions_of", lambda extractor: ())


@pytest.fixture
def many(tmp_path):
    """Twelve labelled models."""
    return draw_models(tmp_path / "many", 12, colours=2, name="{model}/{number}.png")


@pytest.fixture
def unseen(tmp_path):
    """Nine other models, no labels."""
    return draw_models(tmp_path / "unseen", 9, name="photo {number}.png")


@pytest.fixture
def kept(many):
    """The name of settings tuned on the labelled models."""
    catalog = load_catalog(many)
    features = features_of(catalog, "fake", {}, cache_dir())
    settings = tune(catalog, features, "fake", {}, {}, candidates=FEW)
    save_settings(settings)
    return settings.name
