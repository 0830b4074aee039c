"""Seconds and bytes of a report, of keeping a run, of comparing two, and of writing one to SQLite, at 10,000 photos.

Run from the project's root: python tests/benchmarks/bench_report.py [n_images]
The photos are noise of 640 x 480 pixels where they are shown, which no JPEG makes smaller: the report of real photos is
smaller.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np
from PIL import Image

sys.path.insert(0, str(Path(__file__).parents[2]))
sys.path.insert(0, str(Path(__file__).parent))

from made_catalogue import make

from shopsim.base.disk.store import Store
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import own_features
from shopsim.grouping.database.rows import rows_of
from shopsim.grouping.database.target import target_of, write
from shopsim.grouping.fit import fit
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.recipe import Recipe
from shopsim.grouping.report.choosing import contents_of
from shopsim.grouping.report.contents import Given
from shopsim.grouping.report.page import report_html
from shopsim.grouping.runs.changes import changes_between
from shopsim.grouping.runs.file import path_of
from shopsim.grouping.runs.kept import keep, load
from shopsim.grouping.runs.making import run_of
from shopsim.grouping.runs.record import Run, RunSettings
from shopsim.scoring.costs import Prices, pairs_of_curve

T = TypeVar("T")


def timed(what: str, work: Callable[[], T]) -> T:
    """Prints how long it took, and returns the result."""
    start = time.perf_counter()
    result = work()
    print(f"{what}: {time.perf_counter() - start:.2f} s")
    return result


def noisy(folder: Path) -> None:
    """Makes every picture one of noise, as large as a small photo."""
    rng = np.random.default_rng(0)
    large = Image.fromarray(rng.integers(0, 256, (480, 640, 3), np.uint8))
    for number, path in enumerate(sorted(folder.rglob("*.bmp"))):
        large.rotate(number % 360).save(path, "JPEG", quality=90)


def kept(grouping: Grouping, name: str) -> Run:
    """Keeps a run of the cut."""
    settings = RunSettings(str(grouping.fitted.catalog.folder), "own_vectors", "whitened", "average", grouping.value)
    run = run_of(grouping, name, settings)
    keep(run)
    return run


def main(n_images: int) -> None:
    """Makes a catalogue and prints all figures."""
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        os.environ |= {"SHOPSIM_HOME": str(folder / "home"), "SHOPSIM_CACHE": str(folder / "cache")}
        make(folder / "made", n_images, 64)
        noisy(folder / "made")
        labels = folder / "made" / "labels_true.csv"
        catalog = load_catalog(folder / "made", form="vectors", labels=labels, cache=folder / "cache")
        fitted = fit(catalog, own_features(catalog), Recipe(), Store(folder / "cache"))
        grouping = fitted.group(*fitted.opening)
        first = timed(f"keep a run of {len(grouping.labels_pred):,} photos", lambda: kept(grouping, "first"))
        second = timed("keep the next", lambda: kept(fitted.group(0.5), "second"))
        print(f"file of a run: {path_of(first.about.id).stat().st_size / 1e6:.1f} MB")
        timed("read it", lambda: load(first.about))
        timed("compare both", lambda: changes_between(first, second))
        prices, pairs = Prices(5, 1), pairs_of_curve(fitted.curve)
        given = Given(first.about.scores, first.about.provenance, {}, prices=prices, pairs=pairs)
        page = timed("report", lambda: report_html(contents_of(grouping, given)))
        print(f"report: {len(page) / 1e6:.2f} MB, {page.count(b'data:image')} pictures")
        target = target_of(f"sqlite:///{folder / 'groups.db'}")
        timed("write to SQLite", lambda: write(target, rows_of(grouping, first.about, first.groups, True)))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:2] or ["10000"]))
