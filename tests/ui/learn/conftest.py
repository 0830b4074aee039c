"""What the tests of the Learn page share: models to learn from, and nothing that is really started."""

import numpy as np
import pytest
from drawn_photos import draw_models
from mixed_folders import BLUE

from shopsim.learning import process

N_MODELS = 12


@pytest.fixture(autouse=True)
def server(server, monkeypatch):
    """Nothing was ever started here, and what a test starts ends with it."""
    monkeypatch.setattr(process, "_started", None)
    yield
    if process._started is not None:
        process._started.child.kill()


@pytest.fixture
def folder(tmp_path):
    """Twelve models of three photos."""
    colours = [tuple(np.roll(BLUE, turns) // 2) for turns in range(3)]
    return draw_models(tmp_path / "many", N_MODELS, 3, colours, name="m{model}/{number}.png")


@pytest.fixture
def other_folder(tmp_path):
    """Of the same name and shape, with other photos."""
    return draw_models(tmp_path / "other" / "many", N_MODELS, 3, [(200, 180, 9)], name="m{model}/{number}.png")


@pytest.fixture
def weights(monkeypatch):
    """As if the networks were at hand; nothing here loads one."""
    monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda name, **settings: None)


@pytest.fixture
def started(monkeypatch):
    """The commands that were started, instead of starting them."""
    commands = []
    monkeypatch.setattr("shopsim.ui.learn.start.start", commands.append)
    return commands
