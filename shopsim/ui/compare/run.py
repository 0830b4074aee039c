"""The leaderboard's job: a button starts it, visitors with the same choice watch it, and its rows appear one by one."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from statistics import median

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.job import Job
from shopsim.base.work.lanes import SEARCH
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.features.extract import Features
from shopsim.features.networks.weights import weights_state
from shopsim.grouping.fit import features_of
from shopsim.tuning.leaderboard import Row, fill, load_all, n_rows
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.ui.access.rights import note_started
from shopsim.ui.compute import narrow
from shopsim.ui.guard import polled
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import as_written, counted, duration
from shopsim.ui.server import jobs
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.waiting import offer_stop

# Measured on two cores, mean over spaces and clusterings: seconds to tune and score five folds of so many photos.
_SECONDS_AT, _PHOTOS_AT, _LEAST_SECONDS = 60.0, 5_421, 1.5


@dataclass(eq=False)
class Run:
    """One leaderboard: the rows found so far, and the job once somebody has started it."""

    key: str
    cells: Sequence[Cell]
    rows: list[Row] = field(default_factory=list)
    job: Job | None = None

    def start(self, opened: Opened) -> None:
        """Starts the job, which goes on where it was: rows in the cache are there at once."""
        catalog, photos, cache = opened.catalog, narrow(opened.catalog, opened.choice), cache_folder()

        def load(cell: Cell, report: Progress) -> Features:
            # Features of the whole catalogue, as on every other page.
            return features_of(catalog, cell.extractor, dict(cell.extractor_settings), cache, report, apart)

        def work(report: Progress) -> list[Row]:
            self.rows.clear()
            loaded = load_all(self.cells, load, report)
            return apart(
                fill, photos, self.cells, loaded, cache, auto=False, lane=SEARCH, progress=report, tell=self.rows.append
            )

        note_started(self.key)
        jobs().forget(self.key)
        self.job = jobs().ensure(self.key, f"Scoring {counted(len(self.cells), 'setting')}", work)


def run_of(opened: Opened, cells: Sequence[Cell]) -> Run:
    """Returns the leaderboard of these settings on the photos that take part; all visitors share it."""
    photos = narrow(opened.catalog, opened.choice)
    settings = [(cell.features_key, *map(_weights, [cell, *cell.of_second])) for cell in cells]
    recipes = [cell.recipe.digest for cell in cells]
    key = digest_of("leaderboard", cache_folder(), photos.folder, photos.digest, settings, recipes)
    return _run(key, tuple(cells))


def _weights(cell: Cell) -> str:
    return weights_state(cell.extractor, **cell.extractor_settings)


@st.cache_resource(max_entries=32, show_spinner=False)
def _run(key: str, _cells: Sequence[Cell]) -> Run:
    return Run(key, _cells)


def cost(opened: Opened, run: Run) -> str:
    """Says how many settings there are and roughly how long they take, judged by those already scored if any."""
    n_images, count = len(opened.fitted.catalog.images), n_rows(run.cells, auto=False)
    known = [row.scores.seconds for row in run.rows if row.scores is not None and row.scores.seconds]
    each = median(known) if known else _LEAST_SECONDS + _SECONDS_AT * (n_images / _PHOTOS_AT) ** 1.5
    return (
        f"{counted(len(run.cells), 'setting')} on {counted(n_images, 'photo')}: roughly {duration(each * count)} "
        "the first time, without the extraction of features. What is scored once is kept."
    )


def watch(run: Run, show_rows: Callable[[], None]) -> None:
    """Shows the running job with its rows so far; draws the page again when it ends."""

    @polled(seconds=1.0)
    def watched() -> None:
        job = run.job
        if job is None or job.state != "running":
            st.rerun()
        with st.container(border=True):
            st.markdown(f"**{as_written(job.title)}** — {as_written(job.doing) or 'starting'}")
            st.progress(min(job.done / max(job.total, 1), 1.0), text=_left(job))
            offer_stop(job, run.key)
            st.caption("It goes on if you leave this page or close the browser.")
        show_rows()

    watched()


def _left(job: Job) -> str:
    return "" if job.seconds_left is None else f"{duration(job.seconds_left)} left"
