"""Seconds that a visitor waits in Chromium: a page in a fresh browser, a step of the slider on Groups, *Strict*.

PYTHONPATH=. .venv/bin/python tests/benchmarks/bench_waits.py FOLDER

FOLDER: a catalogue. Features, tree and thumbnails are made before anything is measured, on a first visit to each page.
A step is measured from the key (10 steps of the slider at once) to the last photo in sight, at a threshold that nobody
has opened before and with photos that have no thumbnail yet. SHOPSIM_HOME
and SHOPSIM_CACHE: as for the server.
"""

import statistics
import sys
import time
from pathlib import Path
from urllib.parse import quote

from bench_page_start import cpu_seconds, start, wait_for
from playwright.sync_api import Browser, Page, sync_playwright

from shopsim.base.paths import static_dir
from shopsim.catalog.photos.picture_folder import PictureFolder

CHROMIUM, FLAGS = "/usr/bin/chromium", ["--no-sandbox", "--disable-gpu"]
# What a page has drawn when its first screen is there.
READY = {
    "": '[data-testid="stMetric"], [data-testid="stVegaLiteChart"] canvas',
    "Groups": '[class*="st-key-card-"] img',
    "Confusion": '[data-testid="stVegaLiteChart"] canvas, [data-testid="stVegaLiteChart"] svg',
    "Map": '[data-testid="stVegaLiteChart"] canvas, canvas',
    "Review": '[data-testid="stMetric"]',
    "Catalogs": '[data-testid="stMetric"]',
}
FIRST_MS, RUNS, STEPS = 600_000, 3, 6
AT_REST = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const stale = document.querySelector('[data-stale="true"]');
    const bars = document.querySelector('[data-testid="stMain"] [data-testid="stProgress"]');
    return app && app.dataset.testScriptState === 'notRunning' && !stale && !bars;
}"""
CHANGED = f"""before => {{
    const photos = [...document.querySelectorAll('[class*="st-key-card-"] img')]
        .filter(photo => photo.getBoundingClientRect().top < innerHeight);
    const said = document.querySelector('[data-testid="stMain"]').innerText.match(/at least ([-0-9.]+)%/);
    return said && said[1] !== before && photos.length && photos.every(p => p.complete && p.naturalWidth)
        && ({AT_REST})();
}}"""
SAID = "document.querySelector('[data-testid=\"stMain\"]').innerText.match(/at least ([-0-9.]+)%/)[1]"


def settled(page: Page) -> None:
    """Waits until the page has drawn all it can: no job runs, and nothing is stale."""
    for _ in range(3):
        page.wait_for_function(AT_REST, timeout=FIRST_MS)
        page.wait_for_timeout(700)


def first_loads(browser: Browser, url: str, address: str) -> None:
    """Prints the seconds of each page in a fresh browser, once everything is computed."""
    for name, ready in READY.items():
        times = []
        for run in range(RUNS + 1):
            context = browser.new_context(viewport={"width": 1440, "height": 900})
            page = context.new_page()
            began = time.perf_counter()
            page.goto(f"{url}/{name}?{address}")
            page.wait_for_selector(ready, timeout=FIRST_MS)
            times.append(time.perf_counter() - began)
            if run == 0:
                settled(page)
            context.close()
        print(f"{name or 'Tune':10} first load in a fresh browser {statistics.median(times[1:]):5.2f} s", flush=True)


def steps(page: Page, pid: int) -> None:
    """Prints the seconds of a step of the slider on Groups."""
    times, costs = [], []
    slider = page.get_by_role("slider", name="Similarity threshold")
    for _ in range(STEPS):
        slider.focus()
        PictureFolder(static_dir()).clear()
        before, cost, began = page.evaluate(SAID), cpu_seconds(pid), time.perf_counter()
        page.keyboard.press("PageUp")
        page.wait_for_function(CHANGED, arg=before, timeout=FIRST_MS, polling="raf")
        times.append(time.perf_counter() - began)
        costs.append(cpu_seconds(pid) - cost)
        page.wait_for_timeout(1500)
    print(
        f"Groups: a step of the slider {statistics.median(times):.2f} s (longest {max(times):.2f} s), "
        f"{statistics.median(costs):.2f} s of the server's processor time"
    )


def strict(page: Page) -> None:
    """Prints the seconds until *Strict* is drawn for the first time."""
    page.get_by_role("button", name="Advanced").last.click()
    box = page.get_by_text("Strict", exact=True).first
    began = time.perf_counter()
    box.click()
    page.get_by_text("split until any two").first.wait_for(timeout=FIRST_MS)
    page.wait_for_function(AT_REST, timeout=FIRST_MS, polling="raf")
    print(f"Groups: Strict for the first time {time.perf_counter() - began:.2f} s")


def main() -> None:
    """Starts a server and visits it."""
    address = f"folder={quote(str(Path(sys.argv[1]).resolve()))}"
    server, url = start({})
    try:
        wait_for(url)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
            first_loads(browser, url, address)
            page = browser.new_context(viewport={"width": 1440, "height": 900}).new_page()
            page.goto(f"{url}/Groups?{address}")
            page.wait_for_selector(READY["Groups"], timeout=FIRST_MS)
            settled(page)
            steps(page, server.pid)
            strict(page)
            browser.close()
    finally:
        server.terminate()
        server.wait(20)


if __name__ == "__main__":
    main()
