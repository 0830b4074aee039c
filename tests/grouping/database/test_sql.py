"""Groups in SQLite and in a real PostgreSQL: a run is there wholly or not at all, and never twice."""

import ssl
from urllib.parse import quote

import pytest
import sqlalchemy as sa
from database_cases import made_rows
from postgres_server import PASSWORD, USER, postgres, programs
from refusals import refusal

from shopsim.grouping.database import sql
from shopsim.grouping.database.encryption import encryption_of
from shopsim.grouping.database.rows import GROUPS, PHOTOS, RUNS
from shopsim.grouping.database.target import check, target_of, write


@pytest.fixture(scope="module")
def port():
    if programs() is None:
        pytest.skip("needs PostgreSQL's programs, and a user other than root")
    with postgres() as number:
        yield number


@pytest.fixture(params=["sqlite", "postgresql"])
def address(request, tmp_path):
    """An empty database of each kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'groups.db'}"
    address = of_server(request.getfixturevalue("port"))
    with engine(address).begin() as connection:
        connection.execute(sa.text("DROP SCHEMA public CASCADE"))
        connection.execute(sa.text("CREATE SCHEMA public"))
    return address


def of_server(port, user=USER, password=PASSWORD, database="postgres"):
    return f"postgresql://{user}:{quote(password, safe='')}@127.0.0.1:{port}/{database}"


def engine(address):
    return sa.create_engine(address.replace("postgresql://", "postgresql+pg8000://"), poolclass=sa.NullPool)


def content(address):
    """All rows of the three tables."""
    with engine(address).connect() as connection:
        return [
            [dict(row) for row in connection.execute(sa.text(f"SELECT * FROM {table} ORDER BY 1, 2")).mappings()]
            for table in (RUNS, GROUPS, PHOTOS)
        ]


def test_run_groups_and_photos_are_written(address):
    written = made_rows()
    write(target_of(address), written)
    assert content(address) == [[written.run], written.groups, written.photos]


def test_the_same_run_again_is_replaced(address):
    write(target_of(address), made_rows(n_photos=9))
    again = made_rows(n_photos=4)
    write(target_of(address), again)
    assert content(address) == [[again.run], again.groups, again.photos]


def test_another_run_stands_beside_it(address):
    for run_id in ("a", "b"):
        write(target_of(address), made_rows(run_id=run_id))
    runs, _, photos = content(address)
    assert [run["run_id"] for run in runs] == ["a", "b"]
    assert len(photos) == 2 * len(made_rows().photos)


@pytest.mark.parametrize("table", [RUNS, GROUPS, PHOTOS])
def test_a_write_that_fails_in_the_middle_leaves_the_old_run_whole(address, monkeypatch, table):
    old = made_rows(n_photos=9)
    write(target_of(address), old)
    insert = sql._insert

    def fail(connection, into, rows):
        insert(connection, into, rows[: len(rows) // 2] if into.name == table else rows)
        if into.name == table:
            raise KeyboardInterrupt

    monkeypatch.setattr(sql, "_insert", fail)
    with pytest.raises(KeyboardInterrupt):
        write(target_of(address), made_rows(n_photos=4))
    assert content(address) == [[old.run], old.groups, old.photos]


def test_a_first_write_that_fails_leaves_no_table(address, monkeypatch):
    def fail(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(sql, "_insert", fail)
    with pytest.raises(KeyboardInterrupt):
        write(target_of(address), made_rows())
    assert sa.inspect(engine(address)).get_table_names() == []


def test_a_look_writes_nothing(address):
    check(target_of(address))
    assert sa.inspect(engine(address)).get_table_names() == []


def test_a_table_of_someone_else_is_refused_and_kept(address):
    with engine(address).begin() as connection:
        connection.execute(sa.text(f"CREATE TABLE {PHOTOS} (theirs INTEGER)"))
    said = refusal(lambda: write(target_of(address), made_rows()))
    assert f"The table '{PHOTOS}' in '" in said
    assert "is not shopsim's, since it has other columns" in said
    assert sa.inspect(engine(address)).get_table_names() == [PHOTOS]


def test_many_photos_need_more_than_one_statement(address):
    written = made_rows(n_photos=1201)
    write(target_of(address), written)
    assert content(address)[2] == written.photos


def test_a_wrong_password_is_said_and_not_shown(port):
    said = refusal(lambda: check(target_of(of_server(port, password="wr0ng-pässword"))))
    shown = f"postgresql://{USER}:***@127.0.0.1:{port}/postgres"
    assert said == f"Cannot write to '{shown}': the server refuses this user or password."


def test_a_database_that_is_not_there_is_said(port):
    said = refusal(lambda: check(target_of(of_server(port, database="nothing"))))
    assert said.endswith("there is no database of this name.")
    assert PASSWORD not in said


def test_the_password_may_come_from_the_variable_of_postgresql(port, monkeypatch):
    monkeypatch.setenv("PGPASSWORD", PASSWORD)
    check(target_of(f"postgresql://{USER}@127.0.0.1:{port}/postgres"))


def test_a_server_that_is_away_is_said():
    said = refusal(lambda: check(target_of("postgresql://ann:hidden@127.0.0.1:9/shop")))
    assert said.startswith("Cannot write to 'postgresql://ann:***@127.0.0.1:9/shop': ")
    assert "hidden" not in said


def test_a_file_that_is_no_database_is_said_and_kept(tmp_path):
    path = tmp_path / "notes.txt"
    path.write_text("no database, but long enough to be looked at" * 50)
    before = path.read_bytes()
    assert refusal(lambda: check(target_of(f"sqlite:///{path}"))).endswith("file is not a database.")
    assert path.read_bytes() == before


def test_a_folder_that_is_not_there_is_said(tmp_path):
    said = refusal(lambda: check(target_of(f"sqlite:///{tmp_path}/none/groups.db")))
    assert said.endswith("unable to open database file.")


def test_a_file_with_an_at_in_its_name_is_written(tmp_path):
    write(target_of(f"sqlite:///{tmp_path}/me@home.db"), made_rows())
    assert (tmp_path / "me@home.db").is_file()


def test_an_option_that_nobody_knows_is_one_sentence():
    said = refusal(lambda: check(target_of("postgresql://ann:hidden@127.0.0.1:9/shop?nonsense=hush")))
    assert said.endswith("of all options after '?', shopsim takes only sslmode for PostgreSQL.")
    assert "hush" not in said


@pytest.mark.parametrize(
    "error, said",
    [
        (TypeError("connect() got an unexpected keyword argument"), "does not know the options after '?'."),
        (ssl.SSLError(1, "certificate verify failed"), "shop': certificate verify failed."),
    ],
)
def test_a_driver_that_does_not_connect_is_one_sentence(error, said, monkeypatch):
    def connect(engine):
        raise error

    monkeypatch.setattr(sa.Engine, "connect", connect)
    assert said in refusal(lambda: check(target_of("postgresql://host/shop")))


def test_a_mode_of_encryption_that_is_none_is_refused():
    said = refusal(lambda: check(target_of("postgresql://127.0.0.1:9/shop?sslmode=maybe")))
    assert said.endswith("its sslmode must be disable, prefer, require, verify-ca or verify-full.")


@pytest.mark.parametrize("mode, is_checked, has_name", [("require", 0, 0), ("verify-ca", 2, 0), ("verify-full", 2, 1)])
def test_encryption_is_as_strict_as_its_mode_says(mode, is_checked, has_name):
    context = encryption_of(target_of("postgresql://host/shop"), {"sslmode": mode})
    assert (context.verify_mode, context.check_hostname) == (is_checked, bool(has_name))


@pytest.mark.parametrize("mode", ["disable", "prefer"])
def test_a_server_without_encryption_takes_what_does_not_need_it(port, mode):
    check(target_of(f"{of_server(port)}?sslmode={mode}"))


@pytest.mark.parametrize("mode", ["require", "verify-full"])
def test_a_server_without_encryption_is_refused_where_it_is_needed(port, mode):
    assert "Server refuses SSL" in refusal(lambda: check(target_of(f"{of_server(port)}?sslmode={mode}")))
