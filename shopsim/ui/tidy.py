"""Gives memory that is no longer used back to the system, so that a server does not grow all day."""

from __future__ import annotations

import threading
import time
from functools import cache

from shopsim.base.work.heap import give_back, share_heaps

# Collecting stops every page for some 0.1 s, so it is done this often at most, and never where nobody works.
_EVERY_S = 30.0


def tidy_later() -> None:
    """Has freed memory given back within half a minute; call whenever a page runs."""
    _tidier().set()


@cache
def _tidier() -> threading.Event:
    """Returns the event that is set when memory may be free; one thread of the server waits for it."""
    share_heaps()
    worked = threading.Event()
    threading.Thread(target=_tidy, args=(worked,), name="tidy", daemon=True).start()
    return worked


def _tidy(worked: threading.Event) -> None:
    while worked.wait():
        time.sleep(_EVERY_S)
        worked.clear()
        give_back()
