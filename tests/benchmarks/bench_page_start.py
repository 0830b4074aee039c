"""Seconds from `streamlit run` to the first page shown, and to the first result with a warm cache, in Chromium.

.venv/bin/python tests/benchmarks/bench_page_start.py
"""

import os
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

PROJECT = Path(__file__).resolve().parents[2]
RUNS = 3
LIMIT_FIRST_PAGE_S = 3.0
TITLE = 'h1:has-text("Tune")'
RESULT = '[data-testid="stMetricValue"]'
COLD_MS = 300_000


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


def start(places: dict[str, str]) -> tuple[subprocess.Popen, str]:
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless=true", f"--server.port={port}"]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    return subprocess.Popen(command, cwd=PROJECT, env=os.environ | places, **silent), f"http://localhost:{port}"


def wait_for(url: str) -> None:
    while True:
        try:
            urllib.request.urlopen(f"{url}/_stcore/health", timeout=1).close()
            return
        except OSError:
            time.sleep(0.02)


def cpu_seconds(pid: int) -> float:
    """Processor time of that process alone, by Linux."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def visit(page: Page, places: dict[str, str]) -> tuple[float, float, float]:
    """Seconds from the command to the server's answer, to the page's title, to its first score."""
    started = time.perf_counter()
    server, url = start(places)
    try:
        wait_for(url)
        answered = time.perf_counter() - started
        page.goto(url)
        page.wait_for_selector(TITLE, timeout=COLD_MS)
        shown = time.perf_counter() - started
        page.wait_for_selector(RESULT, timeout=COLD_MS)
        return answered, shown, time.perf_counter() - started
    finally:
        server.terminate()
        server.wait(20)


def main() -> None:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        places = {"SHOPSIM_CACHE": f"{folder}/cache", "SHOPSIM_HOME": f"{folder}/home"}
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page()
        _, _, cold = visit(page, places)
        print(f"first start ever (demo drawn, features extracted): first score after {cold:.1f} s")
        runs = [visit(page, places) for _ in range(RUNS)]
        browser.close()
    answered, shown, scored = (statistics.median(column) for column in zip(*runs, strict=True))
    print(f"median of {RUNS} starts with a warm cache: server answers after {answered:.2f} s")
    print(f"first page shown after {shown:.2f} s (limit {LIMIT_FIRST_PAGE_S:.0f} s)")
    print(f"first score shown after {scored:.2f} s")


if __name__ == "__main__":
    main()
