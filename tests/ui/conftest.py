"""What all tests of pages share: a server of their own, and a fast extractor."""

import pytest
from app_pages import served


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch, fake_extractor):
    """Nobody has visited it yet, and no thumbnail is written beside the program."""
    yield from served(tmp_path / "static", monkeypatch)
