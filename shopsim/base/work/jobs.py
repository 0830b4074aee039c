"""Work that outlives the page that asked for it: one thread a job, joined by whoever asks for the same thing."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Any, Literal

from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, Stopped

# Over less time a rate says nothing; the first report after a pause would make it millions.
_TELLING_S = 0.2
# A rate over all the time since the start would still show the load of a network, or another visitor's work.
_WINDOW_S = 10.0

State = Literal["running", "done", "stopped", "failed"]


class Job:
    """One piece of work: its progress while it runs, its result afterwards.

    done, total: counted by the work itself; doing: the step it is at, '' if it says none.
    error: the sentence to show when the state is `failed`.
    """

    def __init__(self, title: str, work: Callable[[Progress], Any]) -> None:
        self.title = title
        self.state: State = "running"
        self.done = 0
        self.total = 0
        self.doing = ""
        self.result: Any = None
        self.error = ""
        self._began = time.monotonic()
        # (time, done) at the last reports that told something new, the first of them older than the window.
        self._steps: deque[tuple[float, int]] = deque()
        self._now = self._began
        self._stop = threading.Event()
        self._ended = threading.Event()
        threading.Thread(target=self._run, args=[work], name=title, daemon=True).start()

    def stop(self) -> None:
        """Ask the work to end at its next report."""
        self._stop.set()

    @property
    def is_stopping(self) -> bool:
        """Whether it was asked to end and has not yet."""
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
        """Units per second over the last ten seconds; 0.0 before there is anything to tell.

        What an earlier run had finished counts as done but not towards the rate; so does an earlier step.
        """
        steps = list(self._steps)
        if not steps or self._now - steps[0][0] < _TELLING_S:
            return 0.0
        return (self.done - steps[0][1]) / (self._now - steps[0][0])

    @property
    def seconds_left(self) -> float | None:
        """Seconds to go at the present rate; None while the rate is unknown."""
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
        if self._stop.is_set():
            raise Stopped

    def _run(self, work: Callable[[Progress], Any]) -> None:
        try:
            self.result = work(_Report(self))
            self.state = "done"
        except Stopped:
            self.state = "stopped"
        except ShopsimError as error:
            self.error, self.state = str(error), "failed"
        except MemoryError:
            self.error, self.state = f"{self.title} needs more memory than this machine has free.", "failed"
        except BaseException as error:
            self.error, self.state = f"{self.title} failed: {type(error).__name__}: {error}", "failed"
            raise
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


class Jobs:
    """The jobs of one server, by key; the results of the `keep` last asked for stay at hand."""

    def __init__(self, keep: int = 24) -> None:
        self._keep = keep
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._lock = threading.Lock()

    def ensure(self, key: str, title: str, work: Callable[[Progress], Any]) -> Job:
        """The job of that key: the one running or ended, else a new one."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(title, work)
            self._jobs.move_to_end(key)
            ended = [name for name, other in self._jobs.items() if other.state != "running"]
            for name in ended[: max(0, len(ended) - self._keep)]:
                del self._jobs[name]
            return job

    def get(self, key: str) -> Job | None:
        """The job of that key, if it is still at hand."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: str) -> None:
        """Let the next `ensure` start anew; a job still running goes on unseen."""
        with self._lock:
            self._jobs.pop(key, None)

    def result(self, key: str) -> Any:
        """What the job of that key gave, if it is done and still at hand; else None."""
        with self._lock:
            job = self._jobs.get(key)
            return job.result if job else None

    def clear(self) -> None:
        """Forget everything that is not running."""
        with self._lock:
            for name in [name for name, job in self._jobs.items() if job.state != "running"]:
                del self._jobs[name]

    def running(self) -> list[Job]:
        """What is being worked on now."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]
