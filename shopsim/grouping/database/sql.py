"""Writes a run into SQLite or PostgreSQL, in one transaction."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import sqlalchemy as sa
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError

from shopsim.base.errors import ShopsimError
from shopsim.grouping.database.encryption import encryption_of
from shopsim.grouping.database.rows import GROUPS, PHOTOS, RUNS, SCORES, Row, Written
from shopsim.grouping.database.target import Target

_CONNECT_S = 10
# Two writers that both find no tables would both make them.
_LOCK = 0x73687073
# Codes of PostgreSQL: a person can act on these.
_SAID = {
    "28P01": "the server refuses this user or password",
    "28000": "the server refuses this user or password",
    "3D000": "there is no database of this name",
    "42501": "this user may not make or change the tables",
    "53300": "the server has too many connections",
}

_metadata = sa.MetaData()


def _columns(kind: type[sa.types.TypeEngine], *names: str) -> list[sa.Column]:
    return [sa.Column(name, kind) for name in names]


def _of_run(number: str) -> list[sa.Column]:
    """The key of what belongs to a run: its id, and a number within it."""
    run_id = sa.Column("run_id", sa.Text, sa.ForeignKey(f"{RUNS}.run_id"), primary_key=True)
    return [run_id, sa.Column(number, sa.Integer, primary_key=True, autoincrement=False)]


_RUNS = sa.Table(
    RUNS,
    _metadata,
    sa.Column("run_id", sa.Text, primary_key=True),
    *_columns(sa.Text, "name", "catalog", "folder", "made_at", "made_by", "extractor", "space", "clusterer"),
    *_columns(sa.Double, "threshold"),
    *_columns(sa.Text, "tuned_on", "settings"),
    *_columns(sa.Integer, "n_photos", "n_groups", "n_labelled", "n_models"),
    *_columns(sa.Double, *SCORES),
    *_columns(sa.Integer, "n_corrections"),
    *_columns(sa.Double, *(f"{name}_without_corrections" for name in SCORES)),
)
_GROUPS = sa.Table(
    GROUPS,
    _metadata,
    *_of_run("group_id"),
    *_columns(sa.Integer, "n_photos"),
    *_columns(sa.Text, "model"),
    *_columns(sa.Double, "purity"),
    *_columns(sa.Text, "representative"),
)
_PHOTOS = sa.Table(
    PHOTOS,
    _metadata,
    *_of_run("place"),
    *_columns(sa.Text, "image_id", "digest"),
    *_columns(sa.Integer, "group_id"),
    *_columns(sa.Text, "model", "product", "category"),
    *_columns(sa.Double, "similarity"),
)


def check(target: Target) -> None:
    """Connects and looks at the tables that are there; writes nothing. Raises ShopsimError."""
    with _connected(target) as connection:
        _check_tables(target, connection)


def write(target: Target, written: Written) -> None:
    """Writes a run in one transaction, in place of the one with its id. Raises ShopsimError."""
    with _connected(target) as connection:
        if target.kind == "postgresql":
            connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_LOCK)))
        _check_tables(target, connection)
        _metadata.create_all(connection)
        for table in (_PHOTOS, _GROUPS, _RUNS):
            connection.execute(sa.delete(table).where(table.c.run_id == written.run["run_id"]))
        for table, rows in ((_RUNS, [written.run]), (_GROUPS, written.groups), (_PHOTOS, written.photos)):
            _insert(connection, table, rows)


def _insert(connection: sa.Connection, table: sa.Table, rows: list[Row]) -> None:
    if rows:
        connection.execute(sa.insert(table), rows)


def _check_tables(target: Target, connection: sa.Connection) -> None:
    """Raises ShopsimError if a table of one of our names has other columns."""
    found = sa.inspect(connection)
    for table in _metadata.sorted_tables:
        if not found.has_table(table.name):
            continue
        columns = {column["name"] for column in found.get_columns(table.name)}
        if columns != set(table.columns.keys()):
            raise ShopsimError(
                f"The table '{table.name}' in '{target.shown}' is not shopsim's, since it has other columns; rename "
                "it, or write to another database."
            )


@contextmanager
def _connected(target: Target) -> Iterator[sa.Connection]:
    """Holds one transaction, which is undone if the block fails; what the database refuses becomes a sentence."""
    engine = None
    try:
        engine = _engine(target)
        with _connection(target, engine) as connection, connection.begin():
            yield connection
    except DBAPIError as error:
        raise target.refusal(_reason(error)) from None
    except (ArgumentError, ValueError) as error:
        raise target.refusal(error) from None
    except SQLAlchemyError as error:
        raise target.refusal(error) from None
    finally:
        if engine is not None:
            engine.dispose()


def _connection(target: Target, engine: sa.Engine) -> sa.Connection:
    try:
        return engine.connect()
    except TypeError:  # A driver gets each option of the address as an argument.
        raise target.refusal("its driver does not know the options after '?'") from None
    except OSError as error:  # A certificate that is not trusted, for example.
        raise target.refusal(error) from None


def _engine(target: Target) -> sa.Engine:
    url = sa.make_url(target.address)
    if target.kind == "sqlite":
        engine = sa.create_engine(url, connect_args={"timeout": 30})
        # Python's driver begins no transaction before it makes a table; a half-made file would remain.
        sa.event.listen(engine, "connect", _begin_by_ourselves)
        sa.event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
        return engine
    encryption = encryption_of(target, url.query)
    url = url.set(drivername="postgresql+pg8000", query={})
    if url.password is None and "PGPASSWORD" in os.environ:
        url = url.set(password=os.environ["PGPASSWORD"])
    engine = sa.create_engine(url, connect_args={"timeout": _CONNECT_S, "ssl_context": encryption})
    # Hundreds of rows in one statement; this driver would send each row by itself.
    engine.dialect.use_insertmanyvalues_wo_returning = True
    return engine


def _begin_by_ourselves(connection: Any, _: Any) -> None:
    connection.isolation_level = None


def _reason(error: DBAPIError) -> str:
    """Returns why the database refused; the driver of PostgreSQL gives its answer as a mapping."""
    answer = error.orig.args[0] if error.orig is not None and error.orig.args else ""
    if isinstance(answer, dict):
        return _SAID.get(answer.get("C", ""), str(answer.get("M", "no reason given")))
    return str(answer) or str(error.orig)
