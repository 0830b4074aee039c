"""One secret for all processes, however many start at once, in a file that nobody else may ever read."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from shopsim.base.disk.leftovers import is_unfinished
from shopsim.base.disk.secret_file import kept_secret
from shopsim.base.errors import ShopsimError

PROJECT = Path(__file__).parents[2]
_STARTER = """
import sys, time
from pathlib import Path
from shopsim.base.disk.secret_file import kept_secret
print("ready", flush=True)
home = Path(sys.argv[1])
for number in range(20):
    while not (home / f"go-{number}").exists():
        time.sleep(0)
    print(kept_secret(home / f"home-{number}" / "secret", 32).hex(), flush=True)
"""


def mode_of(path):
    return path.stat().st_mode & 0o777


def test_the_secret_stays_the_same(tmp_path):
    first = kept_secret(tmp_path / "home" / "secret", 32)
    assert len(first) == 32
    assert kept_secret(tmp_path / "home" / "secret", 32) == first
    assert kept_secret(tmp_path / "other" / "secret", 32) != first


def test_processes_that_start_at_once_agree(tmp_path):
    command = [sys.executable, "-c", _STARTER, str(tmp_path)]
    starters = [
        subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        for _ in range(4)
    ]
    try:
        assert [starter.stdout.readline() for starter in starters] == ["ready\n"] * 4
        for number in range(20):
            (tmp_path / f"go-{number}").touch()
            assert len({starter.stdout.readline() for starter in starters}) == 1
            (kept,) = (tmp_path / f"home-{number}").iterdir()
            assert mode_of(kept) == 0o600
    finally:
        for starter in starters:
            starter.kill()
            starter.communicate()


def test_no_file_is_readable_by_others_while_the_secret_is_written(tmp_path, monkeypatch):
    seen, fsync = [], os.fsync

    def looking(number):
        seen.extend(mode_of(path) for path in tmp_path.rglob("*") if path.is_file())
        fsync(number)

    monkeypatch.setattr(os, "fsync", looking)
    umask = os.umask(0)
    try:
        kept_secret(tmp_path / "home" / "secret", 32)
    finally:
        os.umask(umask)
    assert set(seen) == {0o600}
    assert mode_of(tmp_path / "home" / "secret") == 0o600


def test_a_secret_that_came_meanwhile_wins(tmp_path, monkeypatch):
    path = tmp_path / "secret"

    def slow(unfinished, named):
        path.write_bytes(b"o" * 32)
        link(unfinished, named)

    link = os.link
    monkeypatch.setattr(os, "link", slow)
    assert kept_secret(path, 32) == b"o" * 32
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


def test_a_disk_without_second_names_keeps_a_secret_too(tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError(1, "Operation not permitted")

    monkeypatch.setattr(os, "link", refuse)
    first = kept_secret(tmp_path / "secret", 32)
    assert kept_secret(tmp_path / "secret", 32) == first
    assert mode_of(tmp_path / "secret") == 0o600
    assert [file.name for file in tmp_path.iterdir()] == ["secret"]


@pytest.mark.parametrize("damaged", [b"", b"short"])
def test_a_damaged_secret_is_replaced(tmp_path, damaged):
    (tmp_path / "secret").write_bytes(damaged)
    (tmp_path / "secret").chmod(0o644)
    assert len(kept_secret(tmp_path / "secret", 32)) == 32
    assert mode_of(tmp_path / "secret") == 0o600


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "home").write_bytes(b"a file where the folder should be")
    with pytest.raises(ShopsimError, match="Cannot keep a secret in "):
        kept_secret(tmp_path / "home" / "secret", 32)


def test_what_a_killed_process_left_is_found_by_the_sweep(tmp_path, monkeypatch):
    def killed(*_):
        raise KeyboardInterrupt

    monkeypatch.setattr(os, "link", killed)
    monkeypatch.setattr(Path, "unlink", lambda *_, **__: None)
    with pytest.raises(KeyboardInterrupt):
        kept_secret(tmp_path / "secret", 32)
    (left,) = tmp_path.iterdir()
    assert is_unfinished(left.name)
