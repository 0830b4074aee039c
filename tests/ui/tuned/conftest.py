"""What the tests of tuned settings share: models to tune on, others to group, and little to try."""

import numpy as np
import pytest

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
    monkeypatch.setattr(Plan, "companions", ())


def draw_models(folder, draw_photo, n_models, seed, labelled=True):
    """Models of four photos, told apart by colour."""
    colours = np.random.default_rng(seed).integers(20, 235, size=(n_models, 3)).tolist()
    for number in range(4 * n_models):
        model = number % n_models
        place = folder / str(model) / f"{number}.png" if labelled else folder / f"photo {number}.png"
        draw_photo(place, colours[model], number)
    return folder


@pytest.fixture
def many(tmp_path, draw_photo):
    """Twelve labelled models."""
    return draw_models(tmp_path / "many", draw_photo, 12, 2)


@pytest.fixture
def unseen(tmp_path, draw_photo):
    """Nine other models, no labels."""
    return draw_models(tmp_path / "unseen", draw_photo, 9, 5, labelled=False)


@pytest.fixture
def kept(many):
    """The name of settings tuned on the labelled models."""
    catalog = load_catalog(many)
    features = features_of(catalog, "fake", {}, cache_dir())
    settings = tune(catalog, features, "fake", {}, {}, candidates=FEW)
    save_settings(settings)
    return settings.name
