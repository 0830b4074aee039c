"""Tells when a process started: the system gives the number of a process that ended to a later one."""

from __future__ import annotations

import psutil

# Outside Linux the time of the system's own start is known to about a second only.
_SAME_S = 2.0


def process_start(pid: int) -> float | None:
    """Returns the seconds between the system's start and the process's; None if no process of that number runs.

    A clock that is set meanwhile changes nothing.
    """
    try:
        process = psutil.Process(pid)
        # A process that ended keeps its number until its parent asks how.
        if process.status() == psutil.STATUS_ZOMBIE:
            return None
        return round(process.create_time() - psutil.boot_time(), 2)
    except psutil.Error:
        return None


def is_running(pid: int, start: float) -> bool:
    """Says whether the process of that number and start, as `process_start` returned it, still runs."""
    found = process_start(pid)
    return found is not None and abs(found - start) < _SAME_S
