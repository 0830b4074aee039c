"""What all tests of pages share: a server of their own, and a fast extractor."""

import pytest
from app_pages import served


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch, fake_extractor):
    """Nobody has visited it yet, and no thumbnail is written beside the program."""
    yield from served(tmp_path / "static", monkeypatch)


@pytest.fixture
def looking_each_time(monkeypatch):
    """Each run of a page lists the folder again and waits for that, on a busy machine too."""
    monkeypatch.setattr("shopsim.ui.folder_states.LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr("shopsim.ui.folder_states.PATIENCE_S", 60.0)
