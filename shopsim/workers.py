"""Heavy work in processes beside the server, so that pages stay quick and the work is not starved by them.

A thread of the server shares Python's lock with every page; Streamlit's garbage collection after each run of a page
alone left an extraction 5 % of the time. Processes are started at first use and kept, with what they have imported
and loaded.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from shopsim import ShopsimError
from shopsim.damage import note_damage
from shopsim.lanes import NETWORK, NUMBERS, PICTURES, SEARCH
from shopsim.progress import Progress, Stopped, say, silent
from shopsim.worker import pack, receive, send, unpack

# How often a waiting job looks whether it is to stop.
_LOOK_S = 0.25
# Work that reports ends by itself; a library's own loop hears nothing, and its process is ended instead. A process
# that has loaded a network is worth waiting for.
_GRACE_S = {NETWORK: 10.0, SEARCH: 2.0, PICTURES: 2.0, NUMBERS: 1.0}
# Memory that a process has taken comes back to the machine only when it ends.
_IDLE_S = 300.0
_ENDING = (SEARCH, PICTURES, NUMBERS)


def usable_cores() -> int:
    """How many processors this process may use, at least 1; not how many the machine has."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


class Workers:
    """The processes of one server, by lane; in each lane at most so many at once, and the rest waits."""

    def __init__(self) -> None:
        cores = usable_cores()
        # One more than cores, so that a quick cut does not wait behind two linkages.
        self._most = {NETWORK: 1, SEARCH: max(1, cores // 2), PICTURES: 1, NUMBERS: cores + 1}
        self._busy = dict.fromkeys(self._most, 0)
        self._idle: dict[str, list[_Process]] = {lane: [] for lane in self._most}
        self._changed = threading.Condition()
        self._timer: threading.Timer | None = None

    def run(
        self,
        function: Callable[..., Any],
        *arguments: Any,
        lane: str = NUMBERS,
        progress: Progress = silent,
        tell: Callable[[Any], None] | None = None,
        **named: Any,
    ) -> Any:
        """What the function returns, computed in a process of that lane; see `lanes.here`.

        function: of a module that imports no Streamlit. tell: called in this process with whatever the function gives
        its own argument of that name while it runs.
        Raises what the function raises, Stopped once `progress` does, and ShopsimError if the process dies.
        """
        if function.__module__.startswith("shopsim.ui"):
            raise ValueError(f"{function.__module__} imports Streamlit, which no worker does")
        parts = pack((function, arguments, named))
        process = self._take(lane, progress)
        try:
            return process.carry_out(parts, progress, tell)
        finally:
            self._give_back(lane, process)

    def _take(self, lane: str, progress: Progress) -> _Process:
        with self._changed:
            while self._busy[lane] >= self._most[lane]:
                say(progress, "waiting until other work has finished")
                self._changed.wait(_LOOK_S)
                progress(0, 0)
            self._busy[lane] += 1
            alive = [process for process in self._idle[lane] if process.is_alive()]
            self._idle[lane] = alive[:-1]
        say(progress, "")
        try:
            return alive[-1] if alive else _Process(_GRACE_S[lane])
        except BaseException:
            with self._changed:
                self._busy[lane] -= 1
            raise

    def _give_back(self, lane: str, process: _Process) -> None:
        with self._changed:
            self._busy[lane] -= 1
            if process.is_alive():
                process.idle_since = time.monotonic()
                self._idle[lane].append(process)
            self._look_later()
            self._changed.notify_all()

    def _look_later(self) -> None:
        """See to it that idle processes are looked at once they may be ended."""
        if self._timer is None and any(self._idle[lane] for lane in _ENDING):
            self._timer = threading.Timer(_IDLE_S, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        """End those that nobody needed for a while; the one with the networks stays warm."""
        with self._changed:
            self._timer = None
            long_ago = time.monotonic() - _IDLE_S
            for lane in _ENDING:
                for process in [process for process in self._idle[lane] if process.idle_since <= long_ago]:
                    self._idle[lane].remove(process)
                    process.end()
            self._look_later()


class _Process:
    """One worker, seen from the server."""

    def __init__(self, grace_s: float) -> None:
        self._grace_s = grace_s
        self.idle_since = 0.0
        self._connection, theirs = Pipe()
        package = str(Path(__file__).parents[1])
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "shopsim.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def is_alive(self) -> bool:
        return self._process.poll() is None and not self._connection.closed

    def end(self) -> None:
        """Kill it; every file it writes is written whole or not at all."""
        with suppress(OSError):
            self._connection.close()
        self._process.kill()
        self._process.wait()

    def carry_out(self, parts: list[bytes | memoryview], progress: Progress, tell: Callable[[Any], None] | None) -> Any:
        try:
            send(self._connection, parts)
            kind, content = self._answer(progress, tell)
        except Stopped:
            self._stop()
            raise
        except (EOFError, OSError) as error:
            # A plain OSError says that it died within a message.
            raise ShopsimError(self._why_it_ended()) from error
        except BaseException:
            self.end()
            raise
        if kind == "stopped":
            raise Stopped
        if kind == "failed":
            raise content
        return content

    def _answer(self, progress: Progress, tell: Callable[[Any], None] | None) -> tuple[str, Any]:
        """(kind, content) of the message that ends the task; those before it are passed on."""
        done = total = 0
        while True:
            if not self._connection.poll(_LOOK_S):
                progress(done, total)
                continue
            kind, content = unpack(receive(self._connection))
            if kind == "progress":
                done, total = content
                progress(done, total)
            elif kind == "doing":
                say(progress, content)
            elif kind == "damaged":
                for path in content:
                    note_damage(path)
            elif kind == "told":
                if tell is not None:
                    tell(content)
            else:
                return kind, content

    def _stop(self) -> None:
        """Ask it to stop; end it if it does not hear."""
        deadline = time.monotonic() + self._grace_s
        try:
            send(self._connection, [b""])
            while (left := deadline - time.monotonic()) > 0:
                if self._connection.poll(left) and unpack(receive(self._connection))[0] in _LAST:
                    return
        except (EOFError, OSError):
            pass
        self.end()

    def _why_it_ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            # Its end of the connection closes a moment before the system knows how it ended.
            self._process.wait(1)
        self.end()
        code = self._process.returncode
        if code >= 0:
            how = f"it ended with code {code}"
        else:
            killed = -code == signal.SIGKILL
            how = "it was killed, as by a system that is short of memory" if killed else f"it crashed (signal {-code})"
        return f"The process that computes this is gone: {how}. What was done is kept; try again."


# The kinds of message that end a task.
_LAST = ("result", "stopped", "failed")

_workers = Workers()


def apart(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """As `Workers.run`, in the processes of this server."""
    return _workers.run(function, *arguments, **named)
