"""Takes the documents' pictures of the demo catalogue, as a first visitor sees it: python docs/make_pictures.py."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
PORT = 8517
PAGES = {
    "tune": "",
    "map": "Map",
    "groups": "Groups",
    "confusion": "Confusion",
    "review": "Review",
    "compare": "Compare",
    "learn": "Learn",
    "catalogs": "Catalogs",
}
SIZE = {"width": 1360, "height": 1000}
BROWSER = os.environ.get("CHROMIUM", "/usr/bin/chromium")


def settle(page: Page) -> None:
    """Wait until nothing has run, and no job was shown, for three seconds."""
    quiet_since = time.monotonic()
    while time.monotonic() - quiet_since < 3:
        page.wait_for_timeout(200)
        # A busy machine shows grey boxes instead of charts for a while.
        running = page.query_selector(
            '[data-testid="stStatusWidget"], [data-testid="stProgress"], [data-testid="stSkeleton"]'
        )
        if running or page.get_by_text("is being computed").count():
            quiet_since = time.monotonic()


def main() -> None:
    """One picture a page, on a server of its own."""
    home = tempfile.mkdtemp()
    environment = {**os.environ, "SHOPSIM_HOME": home}
    # So that the Learn page has something to tell.
    learning = [sys.executable, "-m", "shopsim", "learn", "demo", "--what", "network", "--budget", "5"]
    subprocess.run(learning, cwd=ROOT, env=environment, check=True)
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={PORT}"]
    server = subprocess.Popen(command, cwd=ROOT, env=environment)
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=BROWSER, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
            )
            page = browser.new_page(viewport=SIZE)
            time.sleep(5)
            for name, path in PAGES.items():
                page.goto(f"http://localhost:{PORT}/{path}")
                page.wait_for_selector("h1")
                settle(page)
                if name == "compare":
                    page.get_by_role("button", name="Start").click()
                    settle(page)
                page.screenshot(path=ROOT / "docs" / f"{name}.png")
    finally:
        server.terminate()
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
