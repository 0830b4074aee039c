"""Keeps corrections in the workspace's database, for all catalogues together, and undoes them.

An action belongs to every catalogue that has one of its photos. A change that contradicts what is kept changes nothing.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from shopsim.base.errors import ShopsimError
from shopsim.base.workspace.database import change, read
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import CORRECTIONS
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.corrections_csv import new_among
from shopsim.grouping.corrections.meaning import statements_of


def read_actions(catalog: Catalog) -> tuple[Action, ...]:
    """Returns all actions that belong to the catalogue, undone ones too, the oldest first.

    Raises ShopsimError if the workspace cannot be read.
    """
    return _of_catalog(catalog, read(_all))


def read_all_actions() -> tuple[Action, ...]:
    """Returns the actions on the photos of all catalogues, since a photo of another one may link two of this one."""
    return read(_all)


def keep(catalog: Catalog, *new: Action, once: bool = False) -> tuple[Action, ...]:
    """Keeps actions, all or none of them; actions of the catalogue that were undone are then gone.

    once: leave out those that are kept already, whatever catalogue they belong to.
    Returns them with their numbers. Raises Contradiction, which names the photos, and ShopsimError if the disk refuses.
    """

    def work(db: sqlite3.Connection) -> tuple[Action, ...]:
        kept = _all(db)
        added = new_among(new, kept) if once else new
        if not added:
            return ()
        for gone in (each for each in _of_catalog(catalog, kept) if each.undone):
            remove(db, CORRECTIONS, gone.number)
        first = max((each.number for each in kept), default=0) + 1
        numbered = tuple(replace(each, number=first + place, undone=0) for place, each in enumerate(added))
        _check(catalog, [*kept, *numbered])
        for each in numbered:
            _put(db, each)
        return numbered

    return change(work)


def undo(catalog: Catalog, number: int | None = None) -> Action:
    """Undoes the last action of the catalogue, or the one of that number, and returns it.

    Raises ShopsimError if there is none, and Contradiction if what is left would contradict each other.
    """

    def pick(actions: Sequence[Action]) -> Action:
        valid = [each for each in actions if not each.undone and number in (None, each.number)]
        if not valid:
            raise ShopsimError("There is no correction to undo; somebody else may have undone it.")
        return replace(valid[-1], undone=max(each.undone for each in actions) + 1)

    return _changed(catalog, pick)


def redo(catalog: Catalog) -> Action:
    """Carries out again what was undone last, and returns it. Raises as `undo`."""

    def pick(actions: Sequence[Action]) -> Action:
        latest = max(actions, key=lambda each: each.undone, default=None)
        if latest is None or not latest.undone:
            raise ShopsimError("There is no correction to redo; a new correction ends what can be redone.")
        return replace(latest, undone=0)

    return _changed(catalog, pick)


def _changed(catalog: Catalog, pick: Callable[[Sequence[Action]], Action]) -> Action:
    def work(db: sqlite3.Connection) -> Action:
        kept = _all(db)
        changed = pick(_of_catalog(catalog, kept))
        _check(catalog, [changed if each.number == changed.number else each for each in kept])
        _put(db, changed)
        return changed

    return change(work)


def _check(catalog: Catalog, actions: Iterable[Action]) -> None:
    bound_of(photo_keys(catalog), statements_of(actions), catalog.image_ids)


def _of_catalog(catalog: Catalog, actions: Iterable[Action]) -> tuple[Action, ...]:
    actions = tuple(actions)
    # A catalogue of many photos takes a moment, and most have no corrections.
    keys = set(photo_keys(catalog)) if actions else set()
    return tuple(each for each in actions if not keys.isdisjoint(each.photos))


def _all(db: sqlite3.Connection) -> tuple[Action, ...]:
    return tuple(
        Action(kind, tuple(map(tuple, json.loads(parts))), text, who, at, number, undone)
        for number, kind, parts, text, who, at, undone in rows(db, table=CORRECTIONS)
    )


def _put(db: sqlite3.Connection, each: Action) -> None:
    values = (each.number, each.kind, json.dumps(each.parts), each.text, each.who, each.at, each.undone)
    put(db, CORRECTIONS, *values)
