"""One piece of work that outlives the page that asked for it, in a thread of its own."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import nullcontext
from typing import Any, Literal

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, Stopped
from shopsim.base.work.turns import Turns

# A rate over less time says nothing; after a pause the first report would make it millions.
_TELLING_S = 0.2
# A rate since the start would still include the loading of a network, or another visitor's work.
_WINDOW_S = 10.0

State = Literal["running", "done", "stopped", "failed"]
Work = Callable[[Progress], Any]


class Job:
    """One piece of work: its progress while it runs, its result afterwards.

    done, total: counted by the work itself; doing: the present step, '' if the work names none.
    error: the sentence to show when the state is `failed`.
    turns: limits how many jobs compute at once; a job that waits for its turn counts as running and says so.
    on_end: called with the job after its last state is set, before `wait` returns.
    """

    def __init__(
        self, title: str, work: Work, turns: Turns | None = None, on_end: Callable[[Job], None] | None = None
    ) -> None:
        self.title = title
        self.state: State = "running"
        self.done = 0
        self.total = 0
        self.doing = ""
        self.result: Any = None
        self.error = ""
        self._began = time.monotonic()
        # (time, done) at the last reports with a new count; the first of them is older than the window.
        self._steps: deque[tuple[float, int]] = deque()
        self._now = self._began
        self._stop = threading.Event()
        self._ended = threading.Event()
        # In a list, which the thread empties at the end, because the work keeps alive all that it uses.
        thread = threading.Thread(target=self._run, args=[[work], turns, on_end], name=title, daemon=True)
        thread.start()

    def stop(self) -> None:
        """Asks the work to end at its next report, or while it waits for its turn."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether the job was asked to end and has not ended yet."""
        return self._stop.is_set() and self.state == "running"

    def wait(self, seconds: float) -> bool:
        """Whether the job has ended within that time."""
        return self._ended.wait(seconds)

    @property
    def seconds(self) -> float:
        """Seconds since the start."""
        return time.monotonic() - self._began

    @property
    def rate(self) -> float:
        """Units per second over the last ten seconds; 0.0 while nothing is known.

        Units of an earlier run or an earlier step count as done, but not for the rate.
        """
        steps = list(self._steps)
        if not steps or self._now - steps[0][0] < _TELLING_S:
            return 0.0
        return (self.done - steps[0][1]) / (self._now - steps[0][0])

    @property
    def seconds_left(self) -> float | None:
        """Seconds left at the present rate; None while the rate is unknown."""
        return (self.total - self.done) / self.rate if self.rate > 0 else None

    def _report(self, done: int, total: int) -> None:
        now = time.monotonic()
        if not self._steps or total != self.total or done < self.done:
            self._steps = deque([(now, done)])
        elif done != self.done:
            self._steps.append((now, done))
        while len(self._steps) > 2 and self._steps[1][0] <= now - _WINDOW_S:
            self._steps.popleft()
        self._now, self.done, self.total = now, done, total
        self._look()

    def _look(self) -> None:
        if self._stop.is_set():
            raise Stopped

    def _run(self, work: list[Work], turns: Turns | None, on_end: Callable[[Job], None] | None) -> None:
        state: State = "failed"
        report = _Report(self)
        try:
            with nullcontext() if turns is None else turns.one(report):
                self.result = work[0](report)
            state = "done"
        except Stopped:
            state = "stopped"
        except ShopsimError as error:
            self.error = str(error)
        except MemoryError:
            self.error = f"{self.title} needs more memory than this machine has free."
        except BaseException as error:
            self.error = f"{self.title} failed: {type(error).__name__}: {error}"
            raise
        finally:
            work.clear()
            self.state = state
            try:
                if on_end is not None:
                    on_end(self)
            finally:
                self._ended.set()


class _Report:
    """The progress that a job gives its work."""

    def __init__(self, job: Job) -> None:
        self._job = job

    def __call__(self, done: int, total: int) -> None:
        self._job._report(done, total)

    def say(self, doing: str) -> None:
        self._job.doing = doing

    def look(self) -> None:
        """Raises Stopped if the job is to end."""
        self._job._look()
