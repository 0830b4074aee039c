"""The page Runs and report: what is kept is listed, restored by a link, and compared."""

import pytest
from app_pages import open_page, served, settled

from shopsim.grouping.runs.kept import kept_runs


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch):
    yield from served(tmp_path / "static", monkeypatch)


def page(folder, **address):
    return open_page("pages/Runs.py", folder, **address)


def test_x(tiny_catalog, fake_extractor):
    app = page(tiny_catalog)
    assert not app.exception, app.exception
