"""Extraction with a network from a page against the command line, and what a click costs before and after it.

SHOPSIM_MODEL_DIR=../shared/models .venv/bin/python tests/benchmarks/bench_page_work.py

On the demo, in one run, in Chromium; on a machine with nothing else to do. The page's time goes from the address to
the first score, grouping and drawing included. A click is one step of the threshold's slider; its cost is CPU of the
server's process alone, by the median.
"""

import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from bench_page_start import PROJECT, RESULT, cpu_seconds, start, wait_for
from playwright.sync_api import Page, sync_playwright

from shopsim.base.work.cores import usable_cores
from shopsim.features.networks.weights import why_unavailable

LIMIT_RATIO = 1.3
CLICKS = 20
PATIENCE_MS = 600_000


def command_line(cache: str) -> float:
    """Seconds of `extract` in a cache that knows the photos but no feature."""
    started = time.perf_counter()
    command = [sys.executable, "-m", "shopsim", "extract", "demo", "--extractor", "mobilenet_v2"]
    subprocess.run(command, cwd=PROJECT, env=os.environ | {"SHOPSIM_CACHE": cache}, check=True, capture_output=True)
    return time.perf_counter() - started


def cost_of_a_click(page: Page, pid: int) -> tuple[float, float]:
    """CPU seconds of the server per step of the slider, and seconds until the page stands still."""
    costs, waits = [], []
    page.get_by_role("slider", name="Similarity threshold").focus()
    for number in range(CLICKS):
        before, began = cpu_seconds(pid), time.perf_counter()
        page.keyboard.press("ArrowRight" if number % 2 == 0 else "ArrowLeft")
        page.wait_for_timeout(150)
        page.wait_for_selector('[data-testid="stApp"][data-test-script-state="notRunning"]', timeout=PATIENCE_MS)
        waits.append(time.perf_counter() - began)
        page.wait_for_timeout(700)
        costs.append(cpu_seconds(pid) - before)
    return statistics.median(costs), statistics.median(waits)


def from_the_page(page: Page, url: str) -> float:
    """Seconds from the address with the network in it to the first score."""
    started = time.perf_counter()
    page.goto(f"{url}/?extractor=mobilenet_v2")
    page.wait_for_selector(RESULT, timeout=PATIENCE_MS)
    return time.perf_counter() - started


def main() -> None:
    """Both ways from the same state: photos known, no feature of the network."""
    if missing := why_unavailable("mobilenet_v2"):
        sys.exit(missing)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        places = {"SHOPSIM_CACHE": f"{folder}/cache", "SHOPSIM_HOME": f"{folder}/home"}
        server, url = start(places)
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        try:
            wait_for(url)
            page.goto(f"{url}/?extractor=color_shape")
            page.wait_for_selector(RESULT, timeout=PATIENCE_MS)
            shutil.copytree(f"{folder}/cache", f"{folder}/other")
            before = cost_of_a_click(page, server.pid)
            on_the_page = from_the_page(page, url)
            page.goto(f"{url}/?extractor=color_shape")
            page.wait_for_selector(RESULT, timeout=PATIENCE_MS)
            after = cost_of_a_click(page, server.pid)
            loaded = "tensorflow" in Path(f"/proc/{server.pid}/maps").read_text()
        finally:
            browser.close()
            server.terminate()
            server.wait(20)
        typed = command_line(f"{folder}/other")
    load = ", ".join(f"{value:.2f}" for value in os.getloadavg())
    ratio = on_the_page / typed
    print(f"load of the machine over 1, 5, 15 minutes: {load}; {usable_cores()} cores")
    print(f"command line {typed:.1f} s, page {on_the_page:.1f} s: ratio {ratio:.2f} (limit {LIMIT_RATIO})")
    print(f"a click before: {before[0]:.2f} s of CPU, {before[1]:.2f} s; after: {after[0]:.2f} s, {after[1]:.2f} s")
    print(f"the server has TensorFlow loaded: {loaded}")


if __name__ == "__main__":
    main()
