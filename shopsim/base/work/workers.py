"""Runs heavy work in processes beside the server, so that pages and work do not slow each other down.

A thread of the server shares Python's lock with every page. Streamlit's garbage collection after each run of a page
left an extraction in a thread only 5 % of the time. Processes start at first use and are kept, with the modules and
networks they have loaded.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

from shopsim.base.work.cores import usable_cores
from shopsim.base.work.lanes import NETWORK, NUMBERS, PICTURES, SEARCH
from shopsim.base.work.progress import WAITING, Progress, say, silent
from shopsim.base.work.turns import elsewhere
from shopsim.base.work.worker import pack
from shopsim.base.work.worker_process import LOOK_S, ProcessGoneError, WorkerProcess

# Work that reports progress stops by itself. A library's own loop does not hear the stop, so its process is killed
# after this time, which is longer for a process that has loaded a network.
_GRACE_S = {NETWORK: 10.0, SEARCH: 2.0, PICTURES: 2.0, NUMBERS: 1.0}
# The memory of an idle process is free again only when it ends.
_IDLE_S = 300.0
_ENDING = (SEARCH, PICTURES, NUMBERS)


class Workers:
    """The processes of one server, by lane; each lane has a limit, and further tasks wait."""

    def __init__(self) -> None:
        cores = usable_cores()
        # One more than cores, so that a quick cut does not wait behind two linkages.
        self._most = {NETWORK: 1, SEARCH: max(1, cores // 2), PICTURES: 1, NUMBERS: cores + 1}
        self._busy = dict.fromkeys(self._most, 0)
        self._idle: dict[str, list[WorkerProcess]] = {lane: [] for lane in self._most}
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
        """Calls the function in a process of that lane and returns its result; see `lanes.here`.

        function: from a module that does not import Streamlit. tell: called in this process with each value that the
        function passes to its own argument `tell`.
        A job that calls it lets other jobs compute in this process meanwhile.
        Raises the errors of the function, Stopped once `progress` does, and ShopsimError if the process dies.
        """
        if function.__module__.startswith("shopsim.ui"):
            raise ValueError(f"{function.__module__} imports Streamlit, which no worker does")
        parts = pack((function, arguments, named))
        with elsewhere():
            return self._run(parts, lane, progress, tell)

    def _run(
        self, parts: list[bytes | memoryview], lane: str, progress: Progress, tell: Callable[[Any], None] | None
    ) -> Any:
        while True:
            process = self._take(lane, progress)
            is_new = not process.idle_since
            try:
                return process.carry_out(parts, progress, tell)
            except ProcessGoneError as gone:
                # An idle process that was killed looks alive until all its threads have ended.
                if gone.has_begun or is_new:
                    raise
            finally:
                self._give_back(lane, process)

    def _take(self, lane: str, progress: Progress) -> WorkerProcess:
        with self._changed:
            while self._busy[lane] >= self._most[lane]:
                say(progress, WAITING)
                self._changed.wait(LOOK_S)
                progress(0, 0)
            self._busy[lane] += 1
            alive = [process for process in self._idle[lane] if process.is_alive()]
            self._idle[lane] = alive[:-1]
        say(progress, "")
        try:
            return alive[-1] if alive else WorkerProcess(_GRACE_S[lane])
        except BaseException:
            with self._changed:
                self._busy[lane] -= 1
            raise

    def _give_back(self, lane: str, process: WorkerProcess) -> None:
        with self._changed:
            self._busy[lane] -= 1
            if process.is_alive():
                process.idle_since = time.monotonic()
                self._idle[lane].append(process)
            self._look_later()
            self._changed.notify_all()

    def _look_later(self) -> None:
        """Starts a timer, so that idle processes are ended later."""
        if self._timer is None and any(self._idle[lane] for lane in _ENDING):
            self._timer = threading.Timer(_IDLE_S, self._end_idle)
            self._timer.daemon = True
            self._timer.start()

    def _end_idle(self) -> None:
        """Ends processes that were idle for a while; the one with the networks stays."""
        with self._changed:
            self._timer = None
            long_ago = time.monotonic() - _IDLE_S
            for lane in _ENDING:
                for process in [process for process in self._idle[lane] if process.idle_since <= long_ago]:
                    self._idle[lane].remove(process)
                    process.end()
            self._look_later()


_workers = Workers()


def apart(function: Callable[..., Any], *arguments: Any, **named: Any) -> Any:
    """As `Workers.run`, in the processes of this server."""
    return _workers.run(function, *arguments, **named)
