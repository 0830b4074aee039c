"""How many processors this process may use: every pool of threads or processes asks here."""

from __future__ import annotations

import os


def usable_cores() -> int:
    """Returns how many processors this process may use, at least 1; the machine may have more."""
    # Python 3.13 and later, where PYTHON_CPU_COUNT counts too.
    process_cpu_count = getattr(os, "process_cpu_count", None)
    if process_cpu_count is not None:
        return process_cpu_count() or 1
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
