"""Starts, watches and stops the process that learns; it goes on when the process that started it ends."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psutil

import shopsim
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir, expanded, home_dir
from shopsim.base.work.process_start import is_running
from shopsim.learning.lock import BENCHMARK, holder, is_held
from shopsim.learning.progress_file import FAILED, RUNNING, STOPPED, Entry, read_diary

NONE, STARTING, BUSY, KILLED = "none", "starting", "busy", "killed"
UNDER_WAY = (STARTING, RUNNING, BUSY)
"""States in which no other learning can be started. BUSY: another command learns, which writes no progress file."""
# So that the pages stay quick beside it: a class of priorities on Windows, a niceness elsewhere.
_PRIORITY = getattr(psutil, "BELOW_NORMAL_PRIORITY_CLASS", 10)
_LOG_BYTES = 20_000
_PLACES = ("SHOPSIM_CACHE", "SHOPSIM_HOME", "SHOPSIM_MODEL_DIR")
_PROJECT = Path(shopsim.__file__).resolve().parents[1]


@dataclass(frozen=True)
class Watched:
    """The state of this cache's learning: NONE, STARTING, RUNNING, BUSY, DONE, STOPPED, FAILED or KILLED.

    entry: of the progress file, None if there is none; sentence: how the learning ended.
    """

    state: str
    entry: Entry | None = None
    sentence: str = ""


@dataclass(eq=False)
class _Started:
    """The learning that this process started last."""

    child: subprocess.Popen
    at: float
    is_to_stop: bool = False


_started: _Started | None = None
_starting = threading.Lock()


def log_path() -> Path:
    """Returns the file with everything that the last learning from here printed."""
    return home_dir() / "learning.log"


def start(command: Sequence[str]) -> None:
    """Runs a command that learns, in a session of its own: the end of this process does not end it.

    Raises ShopsimError if a learning is running, or the system refuses.
    """
    global _started
    with _starting:
        if watched().state in UNDER_WAY:
            raise ShopsimError("Another learning is running; wait until it has ended, or stop it.")
        at = time.time()
        try:
            log_path().parent.mkdir(parents=True, exist_ok=True)
            with log_path().open("wb") as log:
                child = subprocess.Popen(
                    command,
                    stdin=subprocess.DEVNULL,
                    stdout=log,
                    stderr=subprocess.STDOUT,
                    cwd=_PROJECT,
                    env=_environment(),
                    start_new_session=True,
                )
        except OSError as error:
            raise ShopsimError(f"The learning cannot be started: {error.strerror or error}.") from None
        with suppress(psutil.Error):
            psutil.Process(child.pid).nice(_PRIORITY)
        # The process would stay as a zombie if nobody waited for its end.
        threading.Thread(target=child.wait, name="learning", daemon=True).start()
        _started = _Started(child, at)


def _environment() -> dict[str, str]:
    """Returns our environment with absolute folders, since the process works in another folder than we may."""
    places = {name: os.environ[name] for name in _PLACES if os.environ.get(name)}
    return {**os.environ, **{name: str(expanded(place).absolute()) for name, place in places.items()}}


def watched() -> Watched:
    """Returns the state of the learning, whoever started it."""
    entry, started = read_diary(), _started
    if started is not None and (entry is None or entry.started < started.at):
        # It has not opened the progress file yet.
        if started.child.poll() is None:
            return Watched(STARTING)
        # If two started at the same moment, the other one may have been first; then that one is watched.
        if not is_held(cache_dir()):
            return _ended_early(started)
    held = is_held(cache_dir())
    # Read again: it may have ended in between, and it says so before it lets go of the lock.
    entry = read_diary()
    if held:
        if entry is not None and entry.state == RUNNING and is_running(entry.pid, entry.process_start):
            return Watched(RUNNING, entry)
        return Watched(BUSY) if holder(cache_dir()) == BENCHMARK else Watched(STARTING)
    if entry is None:
        return Watched(NONE)
    if entry.state == RUNNING:
        return Watched(KILLED, entry, "It ended without a word: it was killed, or the machine went down.")
    return Watched(entry.state, entry, entry.sentence)


def stop() -> None:
    """Asks the learning to end; it keeps what is finished. Does nothing if none is running on this machine."""
    now = watched()
    with suppress(OSError):  # It may have ended by now, or belong to someone else.
        if now.state == RUNNING and now.entry is not None:
            os.kill(now.entry.pid, signal.SIGTERM)
        elif now.state == STARTING and _started is not None:
            _started.is_to_stop = True
            _started.child.terminate()


def can_stop() -> bool:
    """Says whether `stop` reaches the learning; one from elsewhere is known once it has opened its progress file."""
    now = watched()
    return now.state == RUNNING or (now.state == STARTING and _started is not None and _started.child.poll() is None)


def last_lines(count: int = 30) -> str:
    """Returns the end of the log; '' if there is none."""
    try:
        with log_path().open("rb") as log:
            log.seek(max(0, log_path().stat().st_size - _LOG_BYTES))
            return "\n".join(log.read().decode(errors="replace").splitlines()[-count:])
    except OSError:
        return ""


def _ended_early(started: _Started) -> Watched:
    if started.is_to_stop:
        return Watched(STOPPED, None, "Stopped before it had begun.")
    last = next((line for line in reversed(last_lines().splitlines()) if line.strip()), "It ended without a word.")
    return Watched(FAILED, None, last)
