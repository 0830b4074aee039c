"""Temporary folders go when their block ends, and those of killed processes when the next one starts."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from shopsim import ShopsimError
from shopsim.base.disk.leftovers import unfinished_name
from shopsim.base.disk.moving import settle
from shopsim.base.disk.sweep import sweep_hourly
from shopsim.base.disk.temporary import new_folder, sweep_temporary, temporary_folder

PROJECT = Path(__file__).parents[2]
KILLED = """
import os, signal
from shopsim.base.disk.temporary import temporary_folder
with temporary_folder() as folder:
    (folder / "deep").mkdir()
    os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.fixture(autouse=True)
def place(tmp_path, monkeypatch):
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", None)
    return tmp_path


def test_one_is_for_its_maker_only_and_goes(place):
    with pytest.raises(KeyError), temporary_folder() as folder:
        assert (folder.parent, stat.S_IMODE(folder.stat().st_mode)) == (place, 0o700)
        raise KeyError
    assert list(place.iterdir()) == []


def test_one_of_a_killed_process_is_swept_and_a_living_one_stays(place):
    mine = new_folder()
    ended = subprocess.run([sys.executable, "-c", KILLED], cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(list(place.iterdir())) == 2
    sweep_hourly(place / "cache")
    assert list(place.iterdir()) == [mine]


def test_where_there_is_no_room_for_one_that_is_said(monkeypatch):
    def refuse(*_, **__):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(ShopsimError, match=r"^Cannot make a temporary folder in '.*': No space left on device, "):
        new_folder()


@pytest.mark.skipif(os.geteuid() != 0, reason="needs the right to give files to others")
def test_a_move_that_a_stranger_made_up_is_not_undone(place):
    (place / "a.txt").write_text("mine")
    moving = place / unfinished_name("moving")
    (moving / ".before").mkdir(parents=True)
    (moving / ".before" / "a.txt").write_text("a stranger's")
    os.chown(moving, 12345, 12345)
    settle(place)
    assert (place / "a.txt").read_text() == "mine"
    sweep_temporary()
