"""Groups in MongoDB, with mongomock in place of a server: a reader finds a run wholly or not at all.

No real server has been tried: what a server refuses is tested only as far as pymongo itself says it.
"""

import mongomock
import pytest
from database_cases import made_rows
from pymongo.errors import AutoReconnect
from refusals import refusal

from shopsim.grouping.database import mongo
from shopsim.grouping.database.rows import GROUPS, PHOTOS, RUNS
from shopsim.grouping.database.target import check, target_of, write

ADDRESS = "mongodb://ann:hidden@host/shop"


@pytest.fixture
def server(monkeypatch):
    """The database `shop` of a server in memory."""
    client = mongomock.MongoClient(ADDRESS)
    client.close = lambda: None
    monkeypatch.setattr(mongo, "MongoClient", lambda address, **options: client)
    return client["shop"]


def _without_own(row):
    return {key: value for key, value in row.items() if key not in ("_id", "write")}


def seen(server):
    """What a reader sees: each run with the groups and photos of the write that it names."""
    of = {}
    for run in server[RUNS].find():
        own = {"write": run["write"], "run_id": run["run_id"]}
        of[run["run_id"]] = tuple(
            [
                {key: value for key, value in row.items() if key not in ("_id", "write")}
                for row in server[name].find(own)
            ]
            for name in (GROUPS, PHOTOS)
        )
    return of


def test_run_groups_and_photos_are_written(server):
    written = made_rows()
    write(target_of(ADDRESS), written)
    assert seen(server) == {"a": (written.groups, written.photos)}
    assert server[RUNS].find_one()["extractor"] == "fake"


def test_the_same_run_again_is_replaced(server):
    write(target_of(ADDRESS), made_rows(n_photos=9))
    again = made_rows(n_photos=4)
    write(target_of(ADDRESS), again)
    assert seen(server) == {"a": (again.groups, again.photos)}
    assert server[PHOTOS].count_documents({}) == 4


@pytest.mark.parametrize(
    "collection, step", [(GROUPS, "insert_many"), (PHOTOS, "insert_many"), (RUNS, "find_one_and_replace")]
)
def test_a_write_that_fails_in_the_middle_shows_the_old_run(server, monkeypatch, collection, step):
    old = made_rows(n_photos=9)
    write(target_of(ADDRESS), old)

    def fail(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr(server[collection], step, fail)
    with pytest.raises(KeyboardInterrupt):
        write(target_of(ADDRESS), made_rows(n_photos=4))
    assert seen(server) == {"a": (old.groups, old.photos)}
    assert server[PHOTOS].count_documents({}) == 9


def test_a_replacement_whose_answer_is_lost_keeps_its_photos(server, monkeypatch):
    write(target_of(ADDRESS), made_rows(n_photos=9))
    replace = server[RUNS].find_one_and_replace

    def lose(*args, **options):
        replace(*args, **options)
        raise AutoReconnect("connection closed")

    monkeypatch.setattr(server[RUNS], "find_one_and_replace", lose)
    new = made_rows(n_photos=4)
    assert "connection closed" in refusal(lambda: write(target_of(ADDRESS), new))
    assert seen(server) == {"a": (new.groups, new.photos)}


def test_a_collection_of_someone_else_is_refused_and_kept(server):
    server[RUNS].insert_one({"theirs": 1})
    assert "holds documents that shopsim did not write" in refusal(lambda: check(target_of(ADDRESS)))
    assert server[RUNS].count_documents({}) == 1


def test_a_server_that_is_away_is_said(monkeypatch):
    monkeypatch.setattr(mongo, "_CONNECT_MS", 50)
    said = refusal(lambda: check(target_of("mongodb://ann:hidden@127.0.0.1:9/shop")))
    assert said == "Cannot write to 'mongodb://ann:***@127.0.0.1:9/shop': no server answers there."


def test_an_address_that_pymongo_refuses_is_said():
    said = refusal(lambda: check(target_of("mongodb://ann:hid@den@host:port/shop")))
    assert said.startswith("Cannot write to 'mongodb://ann:***@host:port/shop': ")
    assert "hid@den" not in said
