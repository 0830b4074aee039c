"""Defines the tables of the workspace's database, and the steps from each earlier version to the newest."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from functools import cache
from typing import NamedTuple


class Table(NamedTuple):
    """A table and its columns. A further column, `seal`, holds each row's checksum."""

    name: str
    columns: tuple[str, ...]


DECISIONS = Table("decisions", ("photo", "given", "verdict", "suggested"))
RECENT = Table("recent", ("place", "folder", "form", "labels", "encoding"))
TRUSTED = Table("trusted", ("network", "contents"))
CORRECTIONS = Table("corrections", ("number", "kind", "parts", "text", "who", "at", "undone"))
TABLES = (CORRECTIONS, DECISIONS, RECENT, TRUSTED)

# Step i leads from version i to version i + 1. Never change a released step; add another one.
# Columns have no types, so that SQLite converts no value.
MIGRATIONS: tuple[tuple[str, ...], ...] = (
    (
        "CREATE TABLE decisions (photo NOT NULL, given NOT NULL, verdict NOT NULL, suggested, seal NOT NULL, "
        "PRIMARY KEY (photo, given), "
        "CHECK (verdict = 'not wrong' OR (verdict = 'accepted' AND suggested IS NOT NULL))) WITHOUT ROWID",
        "CREATE TABLE recent (place NOT NULL, folder NOT NULL, form, labels, encoding, seal NOT NULL, "
        "PRIMARY KEY (place)) WITHOUT ROWID",
        "CREATE TABLE trusted (network NOT NULL, contents, seal NOT NULL, PRIMARY KEY (network)) WITHOUT ROWID",
    ),
    (
        "CREATE TABLE corrections (number NOT NULL, kind NOT NULL, parts NOT NULL, text NOT NULL, who NOT NULL, "
        "at NOT NULL, undone NOT NULL, seal NOT NULL, PRIMARY KEY (number)) WITHOUT ROWID",
    ),
)


def newest() -> int:
    """Returns the version that this program reads and writes."""
    return len(MIGRATIONS)


def version_of(db: sqlite3.Connection) -> int:
    """Returns the version of the tables in a file."""
    return db.execute("PRAGMA user_version").fetchone()[0]


def migrate(db: sqlite3.Connection) -> None:
    """Brings the tables to the newest version, within the open transaction."""
    for statements in MIGRATIONS[version_of(db) :]:
        for statement in statements:
            db.execute(statement)
    db.execute(f"PRAGMA user_version = {newest()}")


def has_its_tables(db: sqlite3.Connection) -> bool:
    """Returns whether the file has exactly the tables of its version."""
    return _definitions(db) == _expected(MIGRATIONS[: version_of(db)])


@cache
def _expected(steps: tuple[tuple[str, ...], ...]) -> frozenset[str]:
    with closing(sqlite3.connect(":memory:")) as db:
        for statements in steps:
            for statement in statements:
                db.execute(statement)
        return _definitions(db)


def _definitions(db: sqlite3.Connection) -> frozenset[str]:
    return frozenset(sql for (sql,) in db.execute("SELECT sql FROM sqlite_master"))
