"""What the tests of the Map page share: its pictures in a place of their own, and photos of which one is wrong."""

import pytest
from mixed_folders import one_wrong


@pytest.fixture(autouse=True)
def pictures(server, tmp_path, monkeypatch):
    """None is written beside the program."""
    monkeypatch.setattr("shopsim.ui.map.pictures.static_dir", lambda: tmp_path / "static")


@pytest.fixture
def folder(tmp_path):
    return one_wrong(tmp_path / "mixed")
