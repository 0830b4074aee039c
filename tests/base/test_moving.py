"""Several files are all new or all old after a process was killed at any step of moving them, and after any undoing."""

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from shopsim import ShopsimError
from shopsim.base.disk import moving
from shopsim.base.disk.moving import move_all, settle
from shopsim.base.disk.sweep import sweep_unfinished

PROJECT = Path(__file__).parents[2]
OLD = {"a.txt": b"old a", "net/card.json": b"old", "net/deep/w.bin": b"old w", "mine.txt": b"a person's own"}
NEW = {"a.txt": b"new a", "b.txt": b"new b", "net/card.json": b"new", "net/deep/w.bin": b"new w"}

# Kills itself at its n-th look at the disk that changes something; the exit code is 0 once there are fewer.
KILLED = textwrap.dedent(
    """
    import os, signal, sys
    from pathlib import Path
    from shopsim.base.disk.moving import move_all, settle

    left = int(sys.argv[2])
    folder = Path(sys.argv[1])
    def hook(event, arguments):
        global left
        if event in ("os.rename", "os.link", "os.mkdir", "os.remove", "os.rmdir", "fcntl.flock", "os.truncate"):
            left -= 1
            if left < 0:
                os.kill(os.getpid(), signal.SIGKILL)
    sys.addaudithook(hook)
    if sys.argv[3] == "move":
        move_all(folder / ".new", folder)
    else:
        settle(folder)
    """
)


def write(folder, files):
    for name, data in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(data)


def contents(folder):
    """All files but hidden ones at the top."""
    found = {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {name: data for name, data in found.items() if name[0] != "."}


def prepared(folder):
    write(folder, OLD)
    write(folder / ".new", NEW)
    return folder


def killed_at(folder, step, what):
    """Whether the process was killed before it was done."""
    ended = subprocess.run([sys.executable, "-c", KILLED, str(folder), str(step), what], cwd=PROJECT, check=False)
    assert ended.returncode in (0, -signal.SIGKILL)
    return ended.returncode != 0


def test_new_entries_take_the_place_of_old_ones_and_no_other(tmp_path):
    move_all(prepared(tmp_path) / ".new", tmp_path)
    assert contents(tmp_path) == OLD | NEW
    assert [path.name for path in tmp_path.iterdir() if path.name[0] == "."] == []


def test_a_process_killed_at_any_step_leaves_all_old_or_all_new(tmp_path):
    seen = []
    for step in range(60):
        folder = prepared(tmp_path / str(step))
        if not killed_at(folder, step, "move"):
            break
        settle(folder)
        seen.append(contents(folder))
        assert seen[-1] in (OLD, OLD | NEW), step
        sweep_unfinished(folder)
        assert not list(folder.glob(".*.*")), step
    # Once all is new, only what was kept of the old is removed.
    assert seen == sorted(seen, key=lambda found: found != OLD)
    assert [seen[0], seen[-1]] == [OLD, OLD | NEW]
    assert contents(folder) == OLD | NEW
    assert step > 10


def test_an_undoing_that_is_killed_at_any_step_is_done_again(tmp_path, monkeypatch):
    def half_moved(folder):
        def replace(old, new, really=os.replace):
            if Path(new) == folder / "net" and Path(old).parent.suffix == ".moving":
                raise KeyboardInterrupt
            really(old, new)

        prepared(folder)
        with monkeypatch.context() as patch:
            patch.setattr(os, "replace", replace)
            patch.setattr(moving, "_undo", lambda *_: None)
            with pytest.raises(KeyboardInterrupt):
                move_all(folder / ".new", folder)
        assert contents(folder) not in (OLD, OLD | NEW)
        return folder

    for step in range(30):
        folder = half_moved(tmp_path / str(step))
        killed = killed_at(folder, step, "settle")
        settle(folder)
        assert contents(folder) == OLD, step
        if not killed:
            break
    assert step > 5


@pytest.mark.parametrize("locks_folders", [True, False], ids=["a folder is locked", "a file, as on Windows"])
def test_a_reader_waits_for_a_living_process_and_then_says_who_keeps_it_waiting(tmp_path, monkeypatch, locks_folders):
    monkeypatch.setattr(moving, "_LOCKS_FOLDERS", locks_folders)
    monkeypatch.setattr(moving, "_LONGEST_S", 0.1)
    prepared(tmp_path)
    (tmp_path / ".new").rename(tmp_path / moving.unfinished_name("moving"))
    started = time.monotonic()
    with moving._alone(tmp_path), pytest.raises(ShopsimError, match=f"Another process is writing into '{tmp_path}'"):
        settle(tmp_path)
    assert time.monotonic() - started > 0.1
    settle(tmp_path)
    assert contents(tmp_path) == OLD


@pytest.mark.parametrize("content", ["nothing", "a file"])
def test_what_is_only_called_a_move_is_no_obstacle(tmp_path, content):
    place = tmp_path / moving.unfinished_name("moving")
    place.mkdir() if content == "nothing" else place.write_bytes(b"")
    settle(tmp_path)
    assert not list(tmp_path.glob("*.moving"))


def test_who_cannot_undo_a_move_is_told_so(tmp_path, monkeypatch):
    (tmp_path / moving.unfinished_name("moving")).mkdir()

    def refuse(*_):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(moving, "_undo", refuse)
    with pytest.raises(ShopsimError, match=r"holds old and new files .*: Permission denied\.$"):
        settle(tmp_path)


@pytest.mark.parametrize("locks_folders", [True, False], ids=["a folder is locked", "a file, as on Windows"])
def test_two_processes_that_write_there_at_once_leave_the_files_of_one(tmp_path, locks_folders):
    script = textwrap.dedent(
        f"""
        import sys
        from pathlib import Path
        from shopsim.base.disk import moving
        from shopsim.base.disk.written_together import written_together
        moving._LOCKS_FOLDERS = {locks_folders}
        for _ in range(40):
            with written_together(sys.argv[1]) as new:
                for name in "abcdef":
                    (new / name).write_text(sys.argv[2])
        """
    )
    writers = [subprocess.Popen([sys.executable, "-c", script, tmp_path / "out", text], cwd=PROJECT) for text in "123"]
    assert [writer.wait() for writer in writers] == [0, 0, 0]
    # Only Windows removes the file.
    kept = set() if locks_folders else {moving._LOCK_NAME}
    assert {path.name for path in (tmp_path / "out").iterdir()} == {*"abcdef"} | kept
    assert len({(tmp_path / "out" / name).read_text() for name in "abcdef"}) == 1
