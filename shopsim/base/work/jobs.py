"""The jobs of one server: visitors who ask for the same thing share a job, and results are kept up to a size."""

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

# A job without a result counts with so much, so that the number of jobs is bounded.
_JOB_BYTES = 4096
# A page asks for all it shows within this time. If these results were dropped, two that do not fit together would
# replace each other for ever.
_IN_USE_S = 60.0


class Jobs:
    """The jobs of one server, by key, with the results that were asked for last.

    keep_bytes: the most memory of all results together; memory that several results share counts once. Results that
        were asked for within the last minute stay even above it. A result is measured when its job ends.
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
        """Returns the job of that key; starts it if there is none."""
        with self._lock:
            job = self._jobs.get(key)
            if job is None:
                job = self._jobs[key] = Job(title, work, self._turns, partial(self._measure, key))
            self._jobs.move_to_end(key)
            self._asked[key] = time.monotonic()
            return job

    def get(self, key: str) -> Job | None:
        """Returns the job of that key if it is still kept, else None."""
        with self._lock:
            return self._jobs.get(key)

    def forget(self, key: str) -> None:
        """Forgets the job, so that the next `ensure` starts it again; a running one goes on unseen."""
        with self._lock:
            self._drop(key)

    def result(self, key: str) -> Any:
        """Returns the result of that key's job if it is done and still kept, else None."""
        with self._lock:
            job = self._jobs.get(key)
            return job.result if job else None

    def clear(self) -> None:
        """Forgets all jobs that have ended."""
        with self._lock:
            for key in [key for key, job in self._jobs.items() if job.state != "running"]:
                self._drop(key)

    def running(self) -> list[Job]:
        """Returns the jobs that run now or wait for their turn."""
        with self._lock:
            return [job for job in self._jobs.values() if job.state == "running"]

    def kept_bytes(self) -> int:
        """Returns the bytes of all kept results together."""
        with self._lock:
            return total(self._parts.values())

    def _measure(self, key: str, job: Job) -> None:
        """Measures a job that has ended, on its thread."""
        with self._lock:
            known = {part: size for parts in self._parts.values() for part, size in parts.items()}
        # Not under the lock: a catalogue of 10,000 photos takes 0.1 s.
        parts = parts_of(job.result, known) | {-id(job): _JOB_BYTES}
        with self._lock:
            if self._jobs.get(key) is job:
                self._parts[key] = parts
                self._drop_oldest()

    def _drop_oldest(self) -> None:
        """Drops the results that were asked for longest ago, until the others are within `keep_bytes`."""
        long_ago = time.monotonic() - _IN_USE_S
        room, counted = self._keep_bytes, set()
        for key in reversed(list(self._jobs)):
            # A running job has none yet.
            parts = self._parts.get(key, {})
            room -= sum(size for part, size in parts.items() if part not in counted)
            if parts and room < 0 and self._asked[key] < long_ago:
                self._drop(key)
            counted |= parts.keys()

    def _drop(self, key: str) -> None:
        for of_key in (self._jobs, self._asked, self._parts):
            of_key.pop(key, None)
