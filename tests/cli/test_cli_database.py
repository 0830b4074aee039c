"""`--to`: the groups also go to a database, in the numbers of the kept run, and never twice."""

import sqlite3
from contextlib import closing

from cli_cases import documented, sentence

TABLES = ("shopsim_runs", "shopsim_groups", "shopsim_photos")


def rows(path, question):
    with closing(sqlite3.connect(path)) as db:
        return db.execute(question).fetchall()


def counts(path):
    return [rows(path, f"SELECT count(*) FROM {table}")[0][0] for table in TABLES]


def test_a_run_is_written_once_however_often(group, tmp_path):
    path = tmp_path / "groups.db"
    first = group("--to", f"sqlite:///{path}")
    again = group("--to", f"sqlite:///{path}")
    assert first["database"] == again["database"]
    assert counts(path) == [1, first["n_groups"], 16]
    ((ari, groups),) = rows(path, "SELECT ari, n_groups FROM shopsim_runs")
    assert (ari, groups) == (first["ari"], first["n_groups"])
    group("--to", f"sqlite:///{path}", "--threshold", "0.99999")
    assert counts(path)[0] == 2


def test_a_kept_run_has_its_id_and_numbers_there(group, run_json, tmp_path):
    path = tmp_path / "groups.db"
    kept = group("--keep", "monday", "--threshold", "0.3")
    group("--keep", "tuesday", "--threshold", "0.9999", "--to", f"sqlite:///{path}")
    found = run_json("runs", "show", "tuesday")
    numbers = {photo["image_id"]: photo["group"] for photo in found["photos"]}
    assert dict(rows(path, "SELECT image_id, group_id FROM shopsim_photos")) == numbers
    assert rows(path, "SELECT run_id, name FROM shopsim_runs") == [(found["run"]["id"], "tuesday")]
    run_json("group", "--run", "monday", "--out", tmp_path / "again", "--to", f"sqlite:///{path}")
    assert (kept["kept_run"], "monday") in rows(path, "SELECT run_id, name FROM shopsim_runs")
    # Each photo belongs to a group, and each group to a run.
    joined = "shopsim_photos LEFT JOIN shopsim_groups USING (run_id, group_id)"
    orphans = f"SELECT count(*) FROM {joined} WHERE n_photos IS NULL"
    assert rows(path, orphans) == [(0,)]


def test_export_writes_there_too(run_json, tiny_catalog, fake_extractor, tmp_path):
    to = f"sqlite:///{tmp_path / 'groups.db'}"
    found = run_json("export", tiny_catalog, "--extractor", "fake", "--out", tmp_path / "out", "--to", to)
    assert counts(tmp_path / "groups.db")[2] == 16
    assert {*found, *found["database"]} <= documented()


def test_a_wrong_address_is_said_before_any_work(run, tiny_catalog, fake_extractor, tmp_path):
    given = ("--extractor", "fake", "--out", tmp_path / "out")
    said = sentence(run, "group", tiny_catalog, *given, "--to", "mysql://ann:hidden@host/shop")
    assert said.startswith("The address of the database begins with none of")
    assert "hidden" not in said
    said = sentence(run, "group", tiny_catalog, *given, "--to", "postgresql://ann:hidden@127.0.0.1:9/shop")
    assert "hidden" not in said
    assert fake_extractor.n_extracted == 0
    assert not (tmp_path / "out").exists()
