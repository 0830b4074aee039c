"""Names half-written files and folders after the process that writes them, so that leftovers of killed ones are found.

A name is `.HOST-PID-START-TOKEN.SUFFIX`. HOST stands for the running system and its process namespace. Two
containers on one shared volume have different ones, and neither can find out whether the other still runs.
"""

from __future__ import annotations

import functools
import hashlib
import os
import re
import secrets
import time
from contextlib import suppress
from pathlib import Path

FOREIGN_S = 24 * 3600.0
"""What another system or an earlier version began may be removed when it was not changed for so many seconds."""
_UNKNOWN = "0" * 8
_MARKED = re.compile(r"\.(?P<host>[0-9a-f]{8})-(?P<pid>\d{1,10})-(?P<start>\d{1,20})-[0-9a-f]{16}\.[a-z]+")
# What versions without such marks wrote: `.TOKEN.tmp`, `.TOKEN.unpacking`, `.demo-3.TOKEN.unfinished`.
_EARLIER = re.compile(r"\.(?:[0-9a-f]{16}\.(?:tmp|unpacking|cleared)|.+\.[0-9a-f]{8}\.(?:unfinished|damaged))")


def unfinished_name(suffix: str) -> str:
    """Returns a hidden name for what this process writes now; nobody else uses it."""
    pid = os.getpid()
    return f".{_host()}-{pid}-{_started(pid)}-{secrets.token_hex(8)}.{suffix}"


def is_unfinished(name: str) -> bool:
    """Says whether something half-written has such a name."""
    return _MARKED.fullmatch(name) is not None or _EARLIER.fullmatch(name) is not None


def is_abandoned(path: Path, seconds: float = FOREIGN_S) -> bool:
    """Says whether nobody writes there any more, because the process that began it has ended.

    seconds: if that cannot be found out, it must have been unchanged for so long.
    """
    marked = _MARKED.fullmatch(path.name)
    with suppress(OSError):  # Its writer may just have finished.
        # Processes of another person may be hidden from us.
        if marked and marked["host"] == _host() != _UNKNOWN and path.lstat().st_uid == owner():
            return _started(int(marked["pid"])) != marked["start"]
        return time.time() - _last_change(path) > seconds
    return False


def owner() -> int:
    """Returns the number of the person who runs this program; 0, as for every file, where the system has none."""
    return os.geteuid() if hasattr(os, "geteuid") else 0


def _last_change(path: Path) -> float:
    """Returns when the file, or anything in the folder, was changed last; unpacking changes what lies deep inside."""
    latest = path.lstat().st_mtime
    if path.is_dir() and not path.is_symlink():
        for inner in path.rglob("*"):
            with suppress(OSError):
                latest = max(latest, inner.lstat().st_mtime)
    return latest


@functools.cache
def _host() -> str:
    """Returns 8 hexadecimal digits; those of _UNKNOWN where the system does not give them."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text()
        namespace = Path("/proc/self/ns/pid").readlink()
        _started_by_proc(os.getpid())
    except (OSError, ValueError, IndexError):
        return _UNKNOWN
    return hashlib.blake2b(f"{boot} {namespace}".encode(), digest_size=4).hexdigest()


def _started(pid: int) -> str:
    """Returns when that process started, in clock ticks since the system's start; '0' if it does not run."""
    try:
        return _started_by_proc(pid)
    except (OSError, ValueError, IndexError):
        return "0"


def _started_by_proc(pid: int) -> str:
    # The second field is a name in brackets, which may hold blanks and brackets itself.
    state, *fields = Path(f"/proc/{pid}/stat").read_text(errors="replace").rpartition(")")[2].split()
    # One that was killed stays as a zombie until its parent looks.
    return "0" if state in "ZX" else fields[18]
