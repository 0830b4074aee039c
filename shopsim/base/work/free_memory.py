"""How much memory this process can still take, within the limit of its container."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path


def free_memory(proc: Path = Path("/proc"), groups: Path = Path("/sys/fs/cgroup")) -> int | None:
    """Returns the bytes this process can still take without swapping, within its container's limit; None if unknown."""
    free = [_available(proc), *_left_in_control_groups(proc, groups)]
    return min((value for value in free if value is not None), default=None)


def _available(proc: Path) -> int | None:
    """The free memory of the machine as Linux estimates it; elsewhere all of its memory."""
    try:
        for line in (proc / "meminfo").read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (AttributeError, OSError, ValueError):
        return None


def _left_in_control_groups(proc: Path, groups: Path) -> Iterator[int]:
    """Yields limit minus use of each control group of this process; versions 1 and 2 use different file names."""
    for folder in _control_groups(proc, groups):
        for limit_name, usage_name, cache_name in (
            ("memory.max", "memory.current", "inactive_file"),
            ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"),
        ):
            limit, usage = _number(folder / limit_name), _number(folder / usage_name)
            if limit is not None and usage is not None:
                yield max(0, limit - usage + _statistic(folder / "memory.stat", cache_name))


def _control_groups(proc: Path, groups: Path) -> Iterator[Path]:
    """Yields the folders of the memory control groups, from the outermost (the container's) to this process's."""
    yield from (groups, groups / "memory")
    try:
        lines = (proc / "self" / "cgroup").read_text().splitlines()
    except OSError:
        return
    for line in lines:
        _, controllers, path = line.split(":", 2)
        if controllers in ("", "memory"):
            folder = groups / controllers
            for part in Path(path.lstrip("/")).parts:
                folder = folder / part
                yield folder


def _number(path: Path) -> int | None:
    """The number in a file; None if there is no file, or the file says `max`."""
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None


def _statistic(path: Path, name: str) -> int:
    """One value of a control group's statistics, 0 if it isn't there."""
    try:
        values = dict(line.split() for line in path.read_text().splitlines())
    except (OSError, ValueError):
        return 0
    return int(values.get(name, 0))


def size_text(n_bytes: int) -> str:
    """Returns a number of bytes as text, for example 6.2 GB."""
    return f"{n_bytes / 2**30:,.1f} GB" if n_bytes >= 2**29 else f"{n_bytes / 2**20:,.0f} MB"
