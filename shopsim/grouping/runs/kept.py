"""Keeps runs: one row each in the workspace's database, with a file beside it for the photos and their groups."""

from __future__ import annotations

import json
import sqlite3
from contextlib import suppress
from dataclasses import asdict, replace

from shopsim.base.disk.damage import note_damage
from shopsim.base.disk.records import parsed, record
from shopsim.base.errors import ShopsimError
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import RUNS
from shopsim.grouping.runs.file import ids_on_disk, path_of, read_run, write_run
from shopsim.grouping.runs.record import About, Run

MOST_NAME = 100
"""The most letters of a name."""


def kept_runs() -> list[About]:
    """Returns all runs, the latest first. Raises ShopsimError if the workspace cannot be read.

    A run whose file is there but whose row is lost, because the database was damaged, is taken up again.
    """
    stored = read(lambda db: rows(db, RUNS))
    known = {about.id: about for row in stored if (about := _about(row)) is not None}
    for run_id in set(ids_on_disk()) - {run_id for run_id, *_ in stored}:
        with suppress(ShopsimError):  # Its file may be damaged, or the workspace not writable.
            known[run_id] = read_run(run_id).about
            _take_up(known[run_id])
    return sorted(known.values(), key=lambda about: (about.provenance.kept_at, about.id), reverse=True)


def find_run(name: str) -> About:
    """Returns the run of that name or id. Raises ShopsimError if there is none."""
    runs = kept_runs()
    for about in runs:
        if name in (about.name, about.id):
            return about
    known = ", ".join(f"'{about.name}'" for about in runs[:20]) or "none; keep one first"
    raise ShopsimError(f"There is no run '{name}'. Known: {known}.")


def load(about: About) -> Run:
    """Returns the run with its photos and groups, under the name that it has now. Raises as `read_run` does."""
    return replace(read_run(about.id, about.name), about=about)


def checked_name(name: str) -> str:
    """Returns the name of a run without blanks around it. Raises ShopsimError if it is empty or too long."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= MOST_NAME:
        raise ShopsimError(f"The name of a run has {len(name)} letters; it needs 1 to {MOST_NAME}.")
    return name


def keep(run: Run) -> None:
    """Keeps a run. Raises ShopsimError if another one has its name, or if the disk refuses; then nothing is kept."""
    checked_name(run.about.name)
    read(lambda db: _refuse_taken(db, run.about))
    path = write_run(run)
    try:
        change(lambda db: _put(db, run.about))
    except BaseException:
        path.unlink(missing_ok=True)
        raise


def rename(about: About, name: str) -> About:
    """Gives a run another name and returns it. Raises ShopsimError as `keep` and `read_run` do."""
    renamed = replace(about, name=checked_name(name))
    read(lambda db: _refuse_taken(db, renamed))
    run = load(about)
    change(lambda db: _put(db, renamed))
    write_run(replace(run, about=renamed))
    return renamed


def forget(about: About) -> None:
    """Removes a run for good, be its file damaged or not. Raises ShopsimError if the disk refuses."""
    # The file goes first: without its row, a file would be taken up again.
    try:
        path_of(about.id).unlink(missing_ok=True)
    except OSError as error:
        raise ShopsimError(f"Cannot remove '{path_of(about.id)}': {error.strerror or error}.") from None
    change(lambda db: remove(db, RUNS, about.id))


def _put(db: sqlite3.Connection, about: About) -> None:
    _refuse_taken(db, about)
    put(db, RUNS, about.id, about.name, json.dumps(asdict(about)))


def _refuse_taken(db: sqlite3.Connection, about: About) -> None:
    if any(name == about.name and run_id != about.id for run_id, name, _ in rows(db, RUNS)):
        raise ShopsimError(f"There is already a run '{about.name}'; choose another name, or remove that run first.")


def _take_up(about: About) -> None:
    change(lambda db: _put(db, about))


def _about(row: tuple[str, str, str]) -> About | None:
    """Returns the run of a row; one that cannot be understood is said once and left where it is."""
    run_id, name, text = row
    try:
        return replace(record(parsed(text.encode()), About), name=name)
    except (ValueError, ShopsimError) as error:
        note_damage(f"The run '{name}' ({run_id}) was kept by another version of shopsim, so it is not listed: {error}")
        return None
