"""Reads and writes rows of the workspace's tables, each with a checksum, so that no damaged row is believed."""

from __future__ import annotations

import sqlite3
from typing import Any

import xxhash

from shopsim.base.workspace.schema import TABLES, Table

Value = str | int | None


class DamagedError(Exception):
    """The file differs from what shopsim wrote."""


def rows(db: sqlite3.Connection, table: Table) -> list[tuple[Any, ...]]:
    """Returns all rows of a table in the order of their keys, each as the values of the table's columns.

    Raises DamagedError if a row's checksum is wrong.
    """
    found = []
    for *stored, seal in db.execute(f"SELECT {', '.join(table.columns)}, seal FROM {table.name} ORDER BY 1, 2"):
        if seal != _seal(tuple(stored)):
            raise DamagedError(f"a row of {table.name}")
        found.append(tuple(map(_loaded, stored)))
    return found


def put(db: sqlite3.Connection, table: Table, *values: Value) -> None:
    """Writes a row in place of the one with the same key."""
    stored = tuple(map(_stored, values))
    columns, places = ", ".join((*table.columns, "seal")), ", ".join("?" * (len(stored) + 1))
    db.execute(f"REPLACE INTO {table.name} ({columns}) VALUES ({places})", (*stored, _seal(stored)))


def remove(db: sqlite3.Connection, table: Table, *key: Value) -> None:
    """Removes the rows whose first columns have these values; without values, all rows."""
    wanted = " AND ".join(f"{column} = ?" for column in table.columns[: len(key)]) or "TRUE"
    db.execute(f"DELETE FROM {table.name} WHERE {wanted}", tuple(map(_stored, key)))


def check_rows(db: sqlite3.Connection) -> None:
    """Raises DamagedError if the checksum of any row in any table is wrong."""
    for table in TABLES:
        rows(db, table)


def _seal(stored: tuple[Value | bytes, ...]) -> str:
    return xxhash.xxh3_64_hexdigest(repr(stored).encode())


def _stored(value: Value) -> Value | bytes:
    """Returns text with half a surrogate pair as bytes, since SQLite refuses it; names of files may hold such text."""
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-8", "surrogatepass")
    return value


def _loaded(value: Value | bytes) -> Value:
    return value.decode("utf-8", "surrogatepass") if isinstance(value, bytes) else value
