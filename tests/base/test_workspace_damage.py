"""A workspace's database that is damaged or somebody else's: set aside and said once, and never a wrong row."""

import sqlite3
from contextlib import closing
from functools import partial

import pytest
from mutations import mutated

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.paths import home_dir
from shopsim.base.workspace import whole_file
from shopsim.base.workspace.database import NAME, change, read
from shopsim.base.workspace.rows import put, rows
from shopsim.base.workspace.schema import DECISIONS, RECENT, TABLES, TRUSTED

COPIES = 150
BEGIN_ANEW = (
    "Corrections of groups, decisions on label errors, the folders opened lately and trust in networks begin anew."
)


def everything():
    return read(lambda db: [rows(db, table) for table in TABLES])


NOTHING = [[]] * len(TABLES)


def fill(db):
    for number in range(40):
        put(db, DECISIONS, f"{number:032x}", f"m{number}", "accepted", "m")
    put(db, RECENT, 0, "/photos", None, "/labels.csv", None)
    put(db, TRUSTED, "net", "0" * 32)


def trust(name):
    change(lambda db: put(db, TRUSTED, name, None))


@pytest.fixture
def database():
    """A database with some rows in each table."""
    change(fill)
    return home_dir() / NAME


def set_aside():
    return sorted(path.name for path in home_dir().glob(f"{NAME}.damaged-*"))


def test_150_damaged_copies_give_the_right_rows_or_a_sentence(database):
    whole, right, ends = database.read_bytes(), everything(), []
    for seed in range(COPIES):
        for path in home_dir().iterdir():
            path.unlink()
        database.write_bytes(mutated(whole, seed))
        damage._found.clear()
        try:
            found = everything()
        except ShopsimError as error:
            assert "was written by a later version of shopsim" in str(error), seed
            continue
        said = damage.take()
        if said:
            assert (found, len(said)) == (NOTHING, 1), seed
            trust("again")
        else:
            assert found == right, seed
        ends.append(bool(said))
    assert {True, False} == set(ends)


@pytest.mark.parametrize(
    "content", [b"no database", b"\0" * 5000, b'{"json": 1}' * 999, b"SQLite format 3\0" + b"\xff" * 4080]
)
def test_what_is_no_database_is_kept_under_another_name(content):
    home_dir().mkdir()
    (home_dir() / NAME).write_bytes(content)
    assert everything() == NOTHING
    path = home_dir() / NAME
    assert damage.take() == [
        f"'{path}' was damaged, or no database of shopsim, and is kept as '{NAME}.damaged-1'. {BEGIN_ANEW}"
    ]
    assert (home_dir() / f"{NAME}.damaged-1").read_bytes() == content
    trust("a")
    assert everything()[-1] == [("a", None)]
    assert damage.take() == []


def test_an_empty_file_is_no_damage():
    home_dir().mkdir()
    (home_dir() / NAME).touch()
    assert everything() == NOTHING
    trust("a")
    assert everything()[-1] == [("a", None)]
    assert damage.take() == []


def test_the_database_of_another_program_is_left_as_it_is():
    home_dir().mkdir()
    with closing(sqlite3.connect(home_dir() / NAME)) as db:
        db.execute("CREATE TABLE trusted (network, contents, seal)")
        db.execute("INSERT INTO trusted VALUES ('evil', NULL, '')")
        db.commit()
    assert everything() == NOTHING
    with closing(sqlite3.connect(home_dir() / f"{NAME}.damaged-1")) as db:
        assert db.execute("SELECT network FROM trusted").fetchall() == [("evil",)]


def test_a_change_that_finds_damage_is_kept_in_the_new_file(database):
    database.write_bytes(b"damaged")
    trust("a")
    assert everything()[-1] == [("a", None)]
    assert len(damage.take()) == 1


def test_a_row_that_somebody_changed_is_damage(database):
    with closing(sqlite3.connect(database)) as db:
        db.execute("UPDATE decisions SET suggested = 'other' WHERE given = 'm7'")
        db.commit()
    assert read(partial(rows, table=DECISIONS)) == []
    assert len(damage.take()) == 1


def test_each_damaged_file_is_kept(database):
    for number in range(3):
        (home_dir() / NAME).write_bytes(b"damaged %d" % number)
        trust("a")
    assert set_aside() == [f"{NAME}.damaged-{number}" for number in (1, 2, 3)]
    assert len(damage.take()) == 3


def test_a_log_goes_with_its_file(database):
    with closing(sqlite3.connect(database)) as db:
        db.execute("INSERT INTO trusted VALUES ('in the log', NULL, '')")
        db.commit()
        log = (home_dir() / f"{NAME}-wal").read_bytes()
    assert log
    (home_dir() / f"{NAME}-wal").write_bytes(log)
    assert everything() == NOTHING
    assert set_aside()[0] == f"{NAME}.damaged-1"
    assert not (home_dir() / f"{NAME}-wal").exists()


def test_a_file_that_another_process_has_just_put_right_stays(database):
    before = everything()
    whole_file.set_aside(database)
    assert everything() == before
    assert (set_aside(), damage.take()) == ([], [])


def test_what_cannot_be_set_aside_is_a_sentence(database, monkeypatch):
    database.write_bytes(b"damaged")

    def refuse(*_):
        raise OSError(30, "Read-only file system")

    monkeypatch.setattr(whole_file.os, "replace", refuse)
    with pytest.raises(ShopsimError, match=r"shopsim.db' is damaged, and it cannot be set aside: .*Read-only"):
        everything()
    assert database.read_bytes() == b"damaged"


def test_what_earlier_versions_kept_does_not_come_back_after_damage(database):
    """It is older than what was decided since."""
    (home_dir() / "trusted-networks.json").write_text('[{"network": "old", "contents": null}]')
    database.write_bytes(b"damaged")
    assert everything() == NOTHING
    trust("a")
    assert everything()[-1] == [("a", None)]
