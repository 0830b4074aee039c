"""Draws the built-in demo catalogue: handbags and women's shoes, with file names in the contest's form."""

from __future__ import annotations

import functools
import shutil
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import links_followed
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.demo.plan import Plan, make_plan
from shopsim.catalog.demo.product_models import MODELS

DEMO_VERSION = 3  # raise it with every change of a drawing, so that nobody keeps the old ones
MODELS_FILE = "models.csv"
_ABANDONED_S = 3600.0  # seconds after which an unfinished folder belongs to a process that was killed


@dataclass(frozen=True)
class DemoTruth:
    """Lists the wrong labels and copies that were planted in the demo.

    wrong_labels: image_id -> the model that the photo really shows; its file name has another one.
    copies: pairs of image_ids with equal bytes.
    """

    wrong_labels: dict[str, str]
    copies: tuple[tuple[str, str], ...]


@functools.cache
def _plan() -> Plan:
    return make_plan([(model.category, model.id, len(model.colourways)) for model in MODELS])


def demo_truth() -> DemoTruth:
    """Returns the planted wrong labels and copies, without drawing the demo."""
    plan = _plan()
    wrong = {shot.image_id: shot.model for shot in plan.shots if shot.model != shot.model_label}
    return DemoTruth(wrong_labels=wrong, copies=plan.copies)


def draw_demo(folder: Path, progress: Progress = silent) -> DemoTruth:
    """Draws the demo's photos and `models.csv` into a new or empty folder, all or nothing.

    progress: called with (photos done, photos in all), in the calling thread; an error that it raises ends the drawing.
    Raises ShopsimError if the folder is not empty or cannot be written.
    """
    folder = links_followed(folder)
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise ShopsimError(f"'{folder}' is not empty; the demo catalogue needs a new or an empty folder.")
    with _drawn_beside(folder, progress) as unfinished:
        unfinished.replace(folder)
    return demo_truth()


def demo_catalog_folder(cache: Path, progress: Progress = silent) -> Path:
    """Returns the folder of the demo catalogue under `cache`, and draws it if the folder or a file is missing.

    Two processes may call it at once. Then both draw, the first to finish wins, and nobody sees a half-drawn folder.
    Raises ShopsimError if it cannot be written.
    """
    folder = links_followed(cache) / f"demo-{DEMO_VERSION}"
    if _is_complete(folder):
        return folder
    with _drawn_beside(folder, progress) as unfinished:
        if not _is_complete(folder):
            _put_in_place(unfinished, folder)
    return folder


@contextmanager
def _drawn_beside(folder: Path, progress: Progress) -> Iterator[Path]:
    """Draws into a hidden folder beside the final one. The caller renames it; otherwise it is removed."""
    try:
        # No other file or folder that a person may keep beside it has such a name.
        with unfinished_folder(folder.parent, _ABANDONED_S) as unfinished:
            _draw(unfinished, progress)
            yield unfinished
    except OSError as error:
        raise ShopsimError(f"Cannot write the demo catalogue to '{folder}': {why_refused(error, folder)}.") from error


def _draw(folder: Path, progress: Progress) -> None:
    """Draws everything into an empty folder, largest models first, on all cores."""
    # Imported here: a demo that is already drawn does not need it.
    from shopsim.catalog.demo import studio

    shots = _plan().shots
    for category in sorted({shot.category for shot in shots}):
        (folder / category).mkdir(parents=True)
    rows = [f"{model.id},{model.name}" for model in MODELS]
    (folder / MODELS_FILE).write_text("\n".join(["model_id,name", *rows, ""]), encoding="utf-8")
    # Threads are enough: Pillow and NumPy release the interpreter lock while they work.
    pool = ThreadPoolExecutor(max_workers=min(usable_cores(), 8))
    jobs = [
        pool.submit(studio.photograph, model, [shot for shot in shots if shot.model == model.id], folder)
        for model in MODELS
    ]
    try:
        done = 0
        for job in jobs:
            done += job.result()
            progress(done, len(shots))
    finally:
        pool.shutdown(cancel_futures=True)
        studio.tidy()


def _is_complete(folder: Path) -> bool:
    wanted = [MODELS_FILE, *(shot.image_id for shot in _plan().shots)]
    return folder.is_dir() and all((folder / name).is_file() for name in wanted)


def _put_in_place(unfinished: Path, folder: Path) -> None:
    """Renames the drawing to its final name; an incomplete folder of that name is moved away first."""
    damaged = folder.parent / unfinished_name("damaged")
    if folder.exists():
        folder.replace(damaged)
        shutil.rmtree(damaged, ignore_errors=True)
    try:
        unfinished.replace(folder)
    except OSError:
        # Another process was faster by a moment; its photos are the same.
        if not _is_complete(folder):
            raise
