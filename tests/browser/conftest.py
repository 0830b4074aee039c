"""A real browser before a real server: `app_url` is the app with the drawn demo, `page` a window to open it in."""

import shutil
from pathlib import Path

import pytest
from real_server import copy_of_the_app, served

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No sandbox, since tests run as root in containers; nothing that calls home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
# The first visit extracts the demo's features, on a machine that may be busy with other things.
PATIENCE_MS = 120_000


def pytest_collection_modifyitems(items):
    """All tests below this folder are browser tests."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def browser():
    """One Chromium for all tests; they are skipped, with the reason, where there is none."""
    playwright = pytest.importorskip("playwright.sync_api", reason="needs playwright, which is not installed")
    if CHROMIUM is None:
        pytest.skip("needs Chromium, which is not installed")
    with playwright.sync_playwright() as started:
        chromium = started.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield chromium
        chromium.close()


@pytest.fixture
def page(browser):
    """A fresh window of laptop size, as of a visitor who was never here before."""
    window = browser.new_page(viewport={"width": 1440, "height": 1000})
    window.set_default_timeout(PATIENCE_MS)
    yield window
    window.close()


@pytest.fixture(scope="session")
def app_url(browser, drawn_cache, tmp_path_factory):
    """Where the app answers."""
    folder = copy_of_the_app(tmp_path_factory.mktemp("app"))
    places = {
        "SHOPSIM_EXTRACTOR": "color_shape",
        "SHOPSIM_CACHE": str(drawn_cache),
        "SHOPSIM_HOME": str(tmp_path_factory.mktemp("home")),
    }
    with served(folder, folder / "server.log", places) as port:
        yield f"http://localhost:{port}"
