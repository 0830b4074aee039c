"""A folder in which files are gathered goes when its block ends, and when its process was killed."""

import signal
import subprocess
import sys

import pytest
from catalog_fixtures import PROJECT

from shopsim.base.disk.unfinished_folder import unfinished_folder

KILLED = """
import os, signal, sys
from pathlib import Path
from shopsim.base.disk.unfinished_folder import unfinished_folder
with unfinished_folder(Path(sys.argv[1])) as folder:
    (folder / "half.txt").write_text("half")
    os.kill(os.getpid(), signal.SIGKILL)
"""


def names_in(folder):
    return sorted(path.name for path in folder.iterdir())


def test_it_lies_hidden_where_it_is_wanted_and_what_is_not_moved_goes(tmp_path):
    with unfinished_folder(tmp_path / "a" / "b") as folder:
        assert (folder.parent, folder.name[0]) == (tmp_path / "a" / "b", ".")
        (folder / "kept").mkdir()
        (folder / "left.txt").touch()
        (folder / "kept").rename(tmp_path / "a" / "b" / "kept")
    assert names_in(tmp_path / "a" / "b") == ["kept"]


def test_it_may_be_moved_whole(tmp_path):
    with unfinished_folder(tmp_path) as folder:
        (folder / "a.txt").touch()
        folder.rename(tmp_path / "whole")
    assert names_in(tmp_path) == ["whole"]


@pytest.mark.parametrize("failure", [KeyError, KeyboardInterrupt, OSError])
def test_of_work_that_fails_nothing_is_left(tmp_path, failure):
    with pytest.raises(failure), unfinished_folder(tmp_path) as folder:
        (folder / "a.txt").touch()
        raise failure
    assert names_in(tmp_path) == []


def test_the_next_one_removes_what_a_killed_process_left(tmp_path):
    ended = subprocess.run([sys.executable, "-c", KILLED, tmp_path], cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert len(names_in(tmp_path)) == 1
    with unfinished_folder(tmp_path) as folder:
        assert names_in(tmp_path) == [folder.name]
    assert names_in(tmp_path) == []
