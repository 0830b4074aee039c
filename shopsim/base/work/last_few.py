"""The last few results of a step, kept beside what they were computed from."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Result = TypeVar("Result")


class LastFew(Generic[Result]):
    """Keeps the results that were asked for last, by key; several threads may ask at once.

    A copy starts empty, also one that is sent to another process: results that can be computed again do not travel.
    """

    def __init__(self, most: int) -> None:
        self._most = most
        self._kept: OrderedDict[Hashable, Result] = OrderedDict()
        self._lock = threading.Lock()

    def get(self, key: Hashable, compute: Callable[[], Result]) -> Result:
        """Returns the result kept under the key, else what `compute` returns, and keeps that.

        Two threads that ask for the same new key at once both compute; both get the result that was there first.
        """
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        # Without the lock: a step of seconds must not keep others from what is at hand.
        result = compute()
        with self._lock:
            result = self._kept.setdefault(key, result)
            self._kept.move_to_end(key)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)
            return result

    def __reduce__(self) -> tuple[type[LastFew], tuple[int]]:
        return LastFew, (self._most,)
