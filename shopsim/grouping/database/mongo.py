"""Writes a run into MongoDB so that a reader finds it wholly or not at all, with or without transactions."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

from pymongo import MongoClient
from pymongo.errors import ConfigurationError, OperationFailure, PyMongoError, ServerSelectionTimeoutError

from shopsim.base.errors import ShopsimError
from shopsim.grouping.database.rows import GROUPS, PHOTOS, RUNS, Written
from shopsim.grouping.database.target import Target

_CONNECT_MS = 10_000
_MARK = "written_by"
_OURS = "shopsim 1"
_REFUSED_LOGIN = (18, 8000)


def check(target: Target) -> None:
    """Connects and looks at what is there; writes nothing. Raises ShopsimError."""
    with _database(target) as database:
        _check_collection(target, database)


def write(target: Target, written: Written) -> None:
    """Writes a run in place of the one with its id. Raises ShopsimError.

    Groups and photos are written first, under the name of this write. The run's document names the write that counts
    and is replaced last, in one step, so that readers see the old run until then, and the new one after.
    """
    name = secrets.token_hex(8)
    with _database(target) as database:
        _check_collection(target, database)
        try:
            for collection, rows in ((GROUPS, written.groups), (PHOTOS, written.photos)):
                if rows:
                    database[collection].insert_many([{**row, "write": name} for row in rows])
            run = {"_id": written.run["run_id"], **written.run, "write": name, _MARK: _OURS}
            before = database[RUNS].find_one_and_replace({"_id": run["_id"]}, run, upsert=True)
        except BaseException:
            with suppress(PyMongoError):
                # The replacement may have taken effect although its answer is lost; then readers see these documents.
                if database[RUNS].find_one({"write": name}) is None:
                    _forget(database, name)
            raise
        if before is not None:
            _forget(database, before.get("write"))


def _forget(database: Any, name: str | None) -> None:
    for collection in (GROUPS, PHOTOS):
        database[collection].delete_many({"write": name})


def _check_collection(target: Target, database: Any) -> None:
    if database[RUNS].find_one({_MARK: {"$ne": _OURS}}) is not None:
        raise ShopsimError(
            f"The collection '{RUNS}' in '{target.shown}' holds documents that shopsim did not write; rename it, or "
            "write to another database."
        )


@contextmanager
def _database(target: Target) -> Iterator[Any]:
    try:
        with MongoClient(target.address, serverSelectionTimeoutMS=_CONNECT_MS) as client:
            yield client.get_default_database()
    except ServerSelectionTimeoutError:
        raise target.refusal("no server answers there") from None
    except OperationFailure as error:
        if error.code in _REFUSED_LOGIN:
            raise target.refusal("the server refuses this user or password") from None
        raise target.refusal(error) from None
    except (ConfigurationError, PyMongoError, ValueError) as error:
        raise target.refusal(error) from None
