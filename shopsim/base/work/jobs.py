"""The jobs of one server: joined by whoever asks for the same thing, their results kept within a bound of bytes."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from functools import partial
from typing import Any

from shopsim.base.work.cores import usable_cores
from shopsim.base.work.held_bytes import Parts, parts_of, total
from shopsim.base.work.job import Job, Work
from shopsim.base.work.turns import Turns

# A job without a result takes so much too, so that their number is bounded.
_JOB_BYTES = 4096
# A page asks for all it shows within this time. Dropping what it still needs would have it computed in turns for ever.
_IN_USE_S = 60.0


class Jobs:
    """The jobs of one server, by key, with the results last asked for.

    keep_bytes: the results together may hold so much memory; what several of them share counts once. More is kept only
        of what was asked for within the last minute. A result is measured when its job ends.
    at_once: so many jobs compute in this process at once, by default one per usable core; see `turns`.
    """

    def __init__(self, keep_bytes: int = 1 << 30, at_once: int | None = None) -> None:
        self._keep_bytes = keep_bytes
        self._turns = Turns(at_once or usable_cores())
        self._jobs: OrderedDict[str, Job] = OrderedDict()
        self._asked: dict[str, float] = {}
        self._parts: dict[str, Parts] = {}
        self._lock = threading.Lock()

    def ensure(self, key: str, title: str, work: Work) -> Job:
        """The job of that key: the one running or ended, else a new one."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(title, work, self._turns, partial(self._measure, key))
            self._jobs.move_to_end(key)
            self._asked[key] = time.monotonic()
            return job

    def get(self, key: str) -> Job | None:
        """The job of that key, if it is still at hand."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: str) -> None:
        """Let the next `ensure` start anew; a job still running goes on unseen."""
        with self._lock:
            self._drop(key)

    def result(self, key: str) -> Any:
        """What the job of that key gave, if it is done and still at hand; else None."""
        with self._lock:
            job = self._jobs.get(key)
            return job.result if job else None

    def clear(self) -> None:
        """Forget everything that is not running."""
        with self._lock:
            for key in [key for key, job in self._jobs.items() if job.state != "running"]:
                self._drop(key)

    def running(self) -> list[Job]:
        """What is being worked on now, or waits for its turn."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]

    def kept_bytes(self) -> int:
        """Bytes that the results at hand hold together."""
        with self._lock:
            return total(self._parts.values())

    def _measure(self, key: str, job: Job) -> None:
        """Called on the job's thread when it has ended."""
        with self._lock:
            known = {part: size for parts in self._parts.values() for part, size in parts.items()}
        # Not under the lock: a catalogue of 10,000 photos takes 0.1 s.
        parts = parts_of(job.result, known) | {-id(job): _JOB_BYTES}
        with self._lock:
            if self._jobs.get(key) is job:
                self._parts[key] = parts
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Drop the results that were asked for longest ago, until the others keep within the bound."""
        long_ago = time.monotonic() - _IN_USE_S
        room, counted = self._keep_bytes, set()
        for key in reversed(list(self._jobs)):
            # A job that runs has none yet.
            parts = self._parts.get(key, {})
            room -= sum(size for part, size in parts.items() if part not in counted)
            if parts and room < 0 and self._asked[key] < long_ago:
                self._drop(key)
            counted |= parts.keys()

    def _drop(self, key: str) -> None:
        for of_key in (self._jobs, self._asked, self._parts):
            of_key.pop(key, None)
