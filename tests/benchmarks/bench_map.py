"""The map of many photos by Altair and by the component, in one run and in one Chromium that draws in software.

.venv/bin/python tests/benchmarks/bench_map.py             # 100,000 photos
.venv/bin/python tests/benchmarks/bench_map.py 20000

Made-up vectors by PCA; the folder and the tree are read before the clock starts. Above: from the address to the
sentence above the map, which both need. Cold: to the drawn points. Hover: from the mouse on a point to its name, by
the median. Lasso: from the start of a drag to the first photo of the gallery. Needs npm and Chromium.
"""

import os
import statistics
import sys
import tempfile
import time
from pathlib import Path

TESTS = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(TESTS / "helpers"), str(TESTS), str(TESTS.parent)]

import numpy as np  # noqa: E402
from browser.conftest import CHROMIUM, FLAGS  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Page, sync_playwright  # noqa: E402
from real_server import copy_of_the_app, served  # noqa: E402

from scripts.build_map import build  # noqa: E402

PER_MODEL = 50
HOVERS, DRAG_STEPS = 5, 8
# Until the rest of the page stands still.
REST_MS = 5_000
PATIENCE_MS = 900_000
WINDOW = {"width": 1440, "height": 1000}
# How each way draws: its canvas, and the name of the point below the mouse.
ALTAIR = ('[data-testid="stVegaLiteChart"] canvas', "#vg-tooltip-element h2")
COMPONENT = (".shopsim-map canvas", ".shopsim-map-hint strong")
# Where points are painted: colour, since Altair also paints the background. All of them, or so many places as shares.
IN_COLOUR = """([selector, count]) => {
    const canvas = document.querySelector(selector);
    if (!canvas) return [];
    const {width, height} = canvas;
    const {data} = canvas.getContext("2d").getImageData(0, 0, width, height);
    const full = [];
    for (let at = 0; at < data.length; at += 12) {
        const most = Math.max(data[at], data[at + 1], data[at + 2]);
        const least = Math.min(data[at], data[at + 1], data[at + 2]);
        if (data[at + 3] > 150 && most - least > 90) full.push(at / 4);
    }
    if (full.length < count) return [];
    return Array.from({length: count}, (_, number) => full[Math.floor((number + 0.5) * full.length / count)])
        .map(at => [((at % width) + 0.5) / width, (Math.floor(at / width) + 0.5) / height]);
}"""
# Altair takes any number in a copy of the app that says so.
FEW, ANY = "FEW = 12_000", "FEW = 10_000_000"


def make_photos(folder: Path, n_photos: int) -> Path:
    """A folder of photos with their own vectors; those of a model are one picture."""
    folder.mkdir()
    rng = np.random.default_rng(0)
    models = np.arange(n_photos) // PER_MODEL
    vectors = rng.standard_normal((models[-1] + 1, 16))[models] + 0.35 * rng.standard_normal((n_photos, 16))
    np.save(folder / "features.npy", vectors.astype(np.float32))
    (folder / "img_paths.txt").write_text("".join(f"{row:06}.png\n" for row in range(n_photos)))
    (folder / "labels_true.txt").write_text("".join(f"m{model}\n" for model in models))
    for row, model in enumerate(models.tolist()):
        first = folder / f"{model * PER_MODEL:06}.png"
        if row == model * PER_MODEL:
            Image.new("RGB", (32, 32), tuple(rng.integers(20, 235, 3).tolist())).save(first)
        else:
            os.link(first, folder / f"{row:06}.png")
    return folder


def seconds_cold(page: Page, url: str, place: str) -> tuple[float, float]:
    """From the address to the sentence above the map, and to the points, when the browser can do something else."""
    started = time.perf_counter()
    page.goto(url)
    page.get_by_text("Groups at least").wait_for()
    above = time.perf_counter() - started
    page.wait_for_function(f"asked => ({IN_COLOUR})(asked).length", arg=[place, 500], polling=200)
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    return above, time.perf_counter() - started


def seconds_of_hover(page: Page, place: str, name: str) -> float:
    """From a movement of the mouse to the name of a point."""
    page.wait_for_timeout(REST_MS)
    box = page.locator(place).bounding_box()
    times: list[float] = []
    for across, down in page.evaluate(IN_COLOUR, [place, HOVERS]):
        page.mouse.move(box["x"] + 2, box["y"] + 2)
        page.locator(name).wait_for(state="hidden")
        started = time.perf_counter()
        page.mouse.move(box["x"] + box["width"] * across, box["y"] + box["height"] * down)
        page.locator(name).wait_for()
        times.append(time.perf_counter() - started)
    return statistics.median(times)


def seconds_of_lasso(page: Page, place: str) -> float:
    """From the start of a drag around a part of the map to the first photo below it."""
    box = page.locator(place).bounding_box()
    corners = [(0.42, 0.4), (0.58, 0.4), (0.58, 0.6), (0.43, 0.6)]
    places = [(box["x"] + box["width"] * across, box["y"] + box["height"] * down) for across, down in corners]
    page.mouse.move(*places[0])
    started = time.perf_counter()
    page.mouse.down()
    # Altair draws a frame from corner to corner.
    for corner in places[1:] if place == COMPONENT[0] else places[2:3]:
        page.mouse.move(*corner, steps=DRAG_STEPS)
    page.mouse.up()
    page.wait_for_selector(".photos img")
    return time.perf_counter() - started


def measure(name: str, app: Path, photos: Path, places: dict[str, str], way: tuple[str, str]) -> None:
    """Prints one line."""
    place, pointed = way
    choice = f"folder={photos}&space=raw&clusterer=average&at=0.8&projection=pca"
    with served(app, app / "server.log", places) as port, sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        page = chromium.new_page(viewport=WINDOW)
        page.set_default_timeout(PATIENCE_MS)
        # Everything but the map is computed, and a page of Streamlit was loaded once.
        page.goto(f"http://localhost:{port}/Groups?{choice}")
        page.get_by_text("Groups at least").wait_for()
        above, cold = seconds_cold(page, f"http://localhost:{port}/Map?{choice}", place)
        hover = seconds_of_hover(page, place, pointed)
        lasso = seconds_of_lasso(page, place)
        said = page.locator("h3").filter(has_text="selected").first.inner_text()
        times = f"above {above:5.1f} s   cold {cold:6.1f} s   hover {hover:6.3f} s   lasso to gallery {lasso:6.1f} s"
        print(f"{name:10} {times}   ({said})", flush=True)
        chromium.close()


def main() -> None:
    """Measures both."""
    n_photos = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(temporary)
        photos = make_photos(folder / "photos", n_photos)
        places = {"SHOPSIM_CACHE": str(folder / "cache"), "SHOPSIM_HOME": str(folder / "home")}
        print(f"{n_photos:,} photos", flush=True)
        for name, way in (("component", COMPONENT), ("Altair", ALTAIR)):
            (folder / name).mkdir()
            app = copy_of_the_app(folder / name)
            if way is ALTAIR:
                limits = app / "shopsim" / "ui" / "map" / "drawn.py"
                limits.write_text(limits.read_text().replace(FEW, ANY))
            else:
                build(app / "shopsim" / "ui" / "map" / "bundle")
            measure(name, app, photos, places, way)


if __name__ == "__main__":
    main()
