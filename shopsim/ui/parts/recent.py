"""Keeps the list of catalogues opened lately, for the sidebar and the Catalogs page."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import RECENT

_KEEP = 12


@dataclass(frozen=True)
class Recent:
    """How a catalogue was opened: its folder, the chosen form, the file of true models, the encoding."""

    folder: str
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None


# What the disk refused, by workspace: {folder: how it was opened, None if it was forgotten}, and its sentence.
# So people who only look can still open a catalogue.
_refused: dict[Path, tuple[dict[str, Recent | None], str]] = {}


def recent_catalogs() -> list[Recent]:
    """Returns the catalogues, latest first; missing folders stay in the list, since a drive may come back."""
    try:
        kept = read(_listed)
    except ShopsimError:
        kept = []  # Every page works without the list, and the Catalogs page says why it is empty.
    return _changed(kept, _refused_here()[0])


def remember(opened: Recent) -> None:
    """Puts a catalogue first, and removes how its folder was opened before."""
    _change(opened.folder, opened)


def forget(folder: str) -> None:
    """Removes a folder from the list."""
    _change(folder, None)


def why_not_kept() -> str:
    """Returns the sentence why the list will be lost when the server ends; '' if it will not."""
    try:
        read(_listed)
    except ShopsimError as error:
        return str(error)
    return _refused_here()[1]


def _change(folder: str, opened: Recent | None) -> None:
    """Keeps a change, and those that the disk refused before; in memory only if it refuses again."""
    earlier, _ = _refused_here()
    changes = {each: how for each, how in earlier.items() if each != folder} | {folder: opened}
    try:
        change(partial(_replace, changes=changes))
        _refused.pop(home_dir(), None)
    except ShopsimError as error:
        _refused[home_dir()] = changes, str(error)


def _replace(db: sqlite3.Connection, changes: Mapping[str, Recent | None]) -> None:
    catalogs = _changed(_listed(db), changes)
    remove(db, RECENT)
    for place, catalog in enumerate(catalogs):
        put(db, RECENT, place, *astuple(catalog))


def _listed(db: sqlite3.Connection) -> list[Recent]:
    return [Recent(*how) for _, *how in rows(db, RECENT)]


def _changed(catalogs: Iterable[Recent], changes: Mapping[str, Recent | None]) -> list[Recent]:
    """Returns the list after the changes, of which the latest stands last."""
    first = [how for how in changes.values() if how is not None]
    return [*reversed(first), *(catalog for catalog in catalogs if catalog.folder not in changes)][:_KEEP]


def _refused_here() -> tuple[dict[str, Recent | None], str]:
    return _refused.get(home_dir(), ({}, ""))
