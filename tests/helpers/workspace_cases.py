"""The workspace's database as tests ask and fill it: networks that are trusted, by name."""

import sqlite3
from contextlib import closing
from functools import partial

from shopsim.base.paths import home_dir
from shopsim.base.workspace.database import NAME, change, read
from shopsim.base.workspace.rows import put, rows
from shopsim.base.workspace.schema import TRUSTED


def trusted():
    return dict(read(partial(rows, table=TRUSTED)))


def trust(name, contents=None):
    change(lambda db: put(db, TRUSTED, name, contents))


def database():
    return home_dir() / NAME


def asked(question):
    """What the file itself answers to one statement."""
    with closing(sqlite3.connect(database())) as db:
        return db.execute(question).fetchone()[0]


def names_in(folder):
    return {path.name for path in folder.iterdir()}
