"""Memory that was freed goes back to the system; by itself glibc keeps much of it, for each thread that ever ran."""

from __future__ import annotations

import ctypes
import gc
import sys

# From malloc.h of glibc, the C library of most Linux systems.
_M_ARENA_MAX = -8
# One for the event loop, one for the threads that pages and jobs run in; by default it is eight for each core.
_ARENAS = 2


def share_heaps() -> bool:
    """Let all threads from now on share two heaps; whether the C library can do that."""
    libc = _libc()
    return libc is not None and bool(libc.mallopt(_M_ARENA_MAX, _ARENAS))


def give_back() -> None:
    """Collect what refers to itself in circles, and give free memory back: some 0.1 s, pages wait for most of it."""
    gc.collect()
    if "pyarrow" in sys.modules:  # Tables and charts are sent by it, from a heap of its own.
        sys.modules["pyarrow"].default_memory_pool().release_unused()
    libc = _libc()
    if libc is not None:
        libc.malloc_trim(0)


def _libc() -> ctypes.CDLL | None:
    """The C library if it is glibc."""
    if not sys.platform.startswith("linux"):
        return None
    libc = ctypes.CDLL(None)
    return libc if hasattr(libc, "malloc_trim") and hasattr(libc, "gnu_get_libc_version") else None
