"""Lists that earlier versions kept as JSON files are in the database once, and the files stay."""

import json
import os
import subprocess
import sys
import threading
import unicodedata
from functools import partial

import pytest
from catalog_fixtures import PROJECT
from mutations import mutated_json

from shopsim import ShopsimError
from shopsim.base.disk import damage
from shopsim.base.paths import home_dir
from shopsim.base.same_name import composed
from shopsim.base.workspace.database import NAME, change, read
from shopsim.base.workspace.old_files import take_over
from shopsim.base.workspace.rows import put, remove, rows
from shopsim.base.workspace.schema import DECISIONS, RECENT, TRUSTED
from shopsim.base.workspace.transaction import in_memory

DIGEST = "0" * 32
STRAY = "/stray \udcff"
ENOUGH = "By day every fifth of the 1,000 damaged copies of each file is tried."


def write(name, value):
    path = home_dir() / name
    path.parent.mkdir(parents=True, exist_ok=True)
    # As earlier versions wrote it.
    path.write_bytes(json.dumps(value, ensure_ascii=False).encode("utf-8", "backslashreplace"))
    return path


def decision(**other):
    return {"digest": DIGEST, "given": "red", "verdict": "accepted", "suggested": "blue"} | other


def write_decisions(*decisions, name="a" * 32, folder="/photos"):
    return write(f"corrections/{name}.json", {"catalog": "photos", "folder": folder, "decisions": [*decisions]})


def kept(table):
    return read(partial(rows, table=table))


def test_each_list_is_taken_over_and_its_file_stays():
    recent = write("recent.json", [{"folder": STRAY}, {"folder": "/b", "form": "plain", "labels": None}])
    trusted = write("trusted-networks.json", [{"network": "n", "contents": "1"}, {"network": "m", "contents": None}])
    decisions = write_decisions(decision(), decision(given="green", verdict="not wrong", suggested=None))
    before = [path.read_bytes() for path in (recent, trusted, decisions)]
    assert kept(RECENT) == [(0, STRAY, None, None, None), (1, "/b", "plain", None, None)]
    assert kept(TRUSTED) == [("m", None), ("n", "1")]
    assert kept(DECISIONS) == [(DIGEST, "green", "not wrong", None), (DIGEST, "red", "accepted", "blue")]
    assert [path.read_bytes() for path in (recent, trusted, decisions)] == before
    assert damage.take() == []


def test_what_was_taken_over_is_taken_over_once():
    write("trusted-networks.json", [{"network": "n", "contents": None}])
    assert kept(TRUSTED) == [("n", None)]
    change(lambda db: remove(db, TRUSTED, "n"))
    write("trusted-networks.json", [{"network": "later", "contents": None}])
    assert kept(TRUSTED) == []


def test_two_processes_that_begin_at_once_take_it_over_once():
    write("trusted-networks.json", [{"network": f"n{number}", "contents": None} for number in range(300)])
    script = "import threading; from shopsim.base.workspace.database import change; from shopsim.base.workspace.rows "
    script += "import rows; from shopsim.base.workspace.schema import TRUSTED; import sys; sys.stdin.read(); "
    script += "print(change(lambda db: len(rows(db, TRUSTED))))"
    command = [sys.executable, "-c", script]
    processes = [
        subprocess.Popen(command, cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    threads = [threading.Thread(target=process.stdin.close) for process in processes]
    for thread in threads:
        thread.start()
    assert [process.stdout.read() for process in processes] == ["300\n"] * 3
    assert [process.wait() for process in processes] == [0] * 3
    assert len(kept(TRUSTED)) == 300


def test_a_workspace_that_cannot_be_written_shows_what_earlier_versions_kept():
    write("trusted-networks.json", [{"network": "n", "contents": None}])
    (home_dir() / "shopsim.lock").mkdir()
    for _ in range(2):
        assert kept(TRUSTED) == [("n", None)]
    assert not (home_dir() / NAME).exists()
    with pytest.raises(ShopsimError, match=r"Cannot write '.*shopsim.db': "):
        change(lambda db: put(db, TRUSTED, "m", None))


def test_of_two_decisions_on_one_photo_and_model_the_later_file_counts():
    for name, seconds, suggested in (("c", 300, "third"), ("a", 900, "last"), ("b", 600, "second")):
        os.utime(write_decisions(decision(suggested=suggested), name=name), (seconds, seconds))
    assert kept(DECISIONS) == [(DIGEST, "red", "accepted", "last")]


def test_models_are_taken_over_in_composed_unicode():
    parts = unicodedata.normalize("NFD", "가방")
    assert parts != composed(parts)
    write_decisions(decision(given=parts, suggested=parts))
    assert kept(DECISIONS) == [(DIGEST, composed(parts), "accepted", composed(parts))]


@pytest.mark.parametrize(
    "wrong",
    [
        None,
        [],
        {"digest": DIGEST},
        decision(verdict="perhaps"),
        decision(suggested=None),
        decision(given=1),
        decision(more="x"),
        decision(digest=[]),
    ],
)
def test_an_entry_that_is_none_is_said_and_the_others_are_taken_over(wrong):
    path = write_decisions(wrong, decision(given="green"))
    before = path.read_bytes()
    assert kept(DECISIONS) == [(DIGEST, "green", "accepted", "blue")]
    told = f"Not all of '{path}' can be read, and only the rest of it was taken over; the file is kept."
    assert damage.take() == [told]
    assert path.read_bytes() == before
    assert kept(DECISIONS) == [(DIGEST, "green", "accepted", "blue")]
    assert damage.take() == []


@pytest.mark.parametrize("name", ["recent.json", "trusted-networks.json", "corrections/a.json"])
@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"{}", b"null", b"\xff", b"[" * 9000])
def test_a_damaged_file_is_said_once_and_kept(name, content):
    path = home_dir() / name
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    assert [kept(table) for table in (DECISIONS, RECENT, TRUSTED)] == [[], [], []]
    assert len(damage.take()) == 1
    assert path.read_bytes() == content


@pytest.mark.parametrize("step", [5, pytest.param(1, marks=pytest.mark.nightly(ENOUGH))], ids=["some", "all"])
def test_damaged_copies_of_each_file_never_fail(step):
    paths = [
        write_decisions(decision(), decision(given="green")),
        write("recent.json", [{"folder": "/a", "form": None, "labels": "/l"}, {"folder": "/b"}]),
        write("trusted-networks.json", [{"network": "n", "contents": "1"}, {"network": "m", "contents": None}]),
    ]
    whole, found, filled = [path.read_bytes() for path in paths], [], (DECISIONS, RECENT, TRUSTED)
    for seed in range(0, 1000, step):
        for path, content in zip(paths, whole, strict=True):
            path.write_bytes(mutated_json(content, seed))
        found.append(in_memory(partial(take_over, home=home_dir()), lambda db: [rows(db, table) for table in filled]))
    assert {len(decisions) for decisions, _, _ in found} == {0, 1, 2}
    assert all(verdict in ("accepted", "not wrong") for decisions, _, _ in found for *_, verdict, _ in decisions)
    assert all(isinstance(folder, str) for _, recent, _ in found for _, folder, *_ in recent)
    assert all(isinstance(network, str) for _, _, trusted in found for network, _ in trusted)
