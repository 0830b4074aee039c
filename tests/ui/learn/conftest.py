"""What the tests of the Learn page share: models to learn from, and nothing that is really started."""

import numpy as np
import pytest
from mixed_folders import BLUE, draw_photo

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
    for number in range(3 * N_MODELS):
        model = f"m{number % N_MODELS}"
        draw_photo(tmp_path / "many" / model / f"{number}.png", tuple(np.roll(BLUE, number) // 2), number)
    return tmp_path / "many"


@pytest.fixture
def other_folder(tmp_path):
    """Of the same name and shape, with other photos."""
    for number in range(3 * N_MODELS):
        draw_photo(tmp_path / "other" / "many" / f"m{number % N_MODELS}" / f"{number}.png", (200, 180, 9), number)
    return tmp_path / "other" / "many"


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
