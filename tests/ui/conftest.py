"""What all tests of pages share: a server of their own, a fast extractor, and little to look through for garbage."""

import gc

import pytest
from app_pages import served


@pytest.fixture(scope="module", autouse=True)
def set_aside():
    """What is in memory by now is left out when Streamlit collects garbage, as it does after each run of a page.

    With TensorFlow loaded and thousands of tests done, that takes longer than the page itself.
    """
    gc.collect()
    gc.freeze()
    yield
    gc.unfreeze()


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch, fake_extractor):
    """Nobody has visited it yet, and no thumbnail is written beside the program."""
    yield from served(tmp_path / "static", monkeypatch)


@pytest.fixture
def looking_each_time(monkeypatch):
    """Each run of a page lists the folder again and waits for that, on a busy machine too."""
    monkeypatch.setattr("shopsim.ui.folder_states.LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr("shopsim.ui.folder_states.PATIENCE_S", 60.0)
