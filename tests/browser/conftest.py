"""A real browser before a real server: `app_url` is the app with the drawn demo, `page` a window to open it in."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
# No sandbox, since tests run as root in containers; nothing that calls home.
FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
START_S = 60
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
    """Where the app answers: a copy of it, so that its thumbnails stay out of the project."""
    folder = tmp_path_factory.mktemp("app")
    shutil.copy(PROJECT / "app.py", folder)
    for part in ("pages", "shopsim", ".streamlit"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    port = free_port()
    places = {"SHOPSIM_CACHE": str(drawn_cache), "SHOPSIM_HOME": str(tmp_path_factory.mktemp("home"))}
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true"]
    log = folder / "server.log"
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=folder,
            env={name: value for name, value in os.environ.items() if not name.startswith("SHOPSIM_")} | places,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        url = f"http://localhost:{port}"
        wait_until_it_answers(url, server, log)
        yield url
    finally:
        server.terminate()
        server.wait(20)


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(url, server, log):
    """Fail with what the server said if it does not come up."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The app did not start: {log.read_text(errors='replace')[-2000:]}")
