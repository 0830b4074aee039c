"""Rows of the workspace's tables: each with a checksum, so that a damaged one is never taken for another."""

from __future__ import annotations

import sqlite3
from typing import Any

import xxhash

from shopsim.base.workspace.schema import TABLES, Table

Value = str | int | None


class DamagedError(Exception):
    """The database's file does not hold what shopsim wrote."""


def rows(db: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    """All rows of a table in the order of their keys, each as the values of the table's columns.

    Raises DamagedError if a row's checksum is wrong.
    """
    found = []
    for *stored, seal in db.execute(f"SELECT {', '.join(table.columns)}, seal FROM {table.name} ORDER BY 1, 2"):
        if seal != _seal(tuple(stored)):
            raise DamagedError(f"a row of {table.name}")
        found.append(tuple(map(_loaded, stored)))
    return found


def put(db: sqlite3.Connection, table: Table, *values: Value) -> None:
    """Keep a row, in place of one with the same key."""
    stored = tuple(map(_stored, values))
    columns, places = ", ".join((*table.columns, "seal")), ", ".join("?" * (len(stored) + 1))
    db.execute(f"REPLACE INTO {table.name} ({columns}) VALUES ({places})", (*stored, _seal(stored)))


def remove(db: sqlite3.Connection, table: Table, *key: Value) -> None:
    """Remove the rows whose first columns have these values; without values, all rows."""
    wanted = " AND ".join(f"{column} = ?" for column in table.columns[: len(key)]) or "TRUE"
    db.execute(f"DELETE FROM {table.name} WHERE {wanted}", tuple(map(_stored, key)))


def check_rows(db: sqlite3.Connection) -> None:
    """Raises DamagedError if the checksum of any row in any table is wrong."""
    for table in TABLES:
        rows(db, table)


def _seal(stored: tuple[Value | bytes, ...]) -> str:
    return xxhash.xxh3_64_hexdigest(repr(stored).encode())


def _stored(value: Value) -> Value | bytes:
    """SQLite takes no text with half of a surrogate pair, which the name of a file may hold: that becomes bytes."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    return value


def _loaded(value: Value | bytes) -> Value:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
