"""How many jobs compute in this process at once: one per usable core, the others wait for their turn.

The limit concerns only the processors that this process uses. A job that waits for a worker process gives its turn
back until the worker has answered. So a network that takes minutes never blocks another visitor's quick cut; workers
have limits of their own, per lane. There is no deadlock: no job waits for another job, and no job holds a lock while it
waits for a worker.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from shopsim.base.work.progress import WAITING

# How often a waiting job checks whether it was asked to stop.
_LOOK_S = 0.1
_own = threading.local()


class Watched(Protocol):
    """A job that waits for a turn."""

    def look(self) -> None:
        """Called again and again while it waits; an error that it raises ends the waiting."""

    def say(self, doing: str) -> None:
        """Called with WAITING while it waits, then with '' when it has its turn."""


class Turns:
    """Lets at most so many threads compute at once, first come, first served."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._busy = 0
        self._queue: deque[_Turn] = deque()
        self._changed = threading.Condition()

    @contextmanager
    def one(self, who: Watched) -> Iterator[None]:
        """Waits for a turn and keeps it within the block. Raises the errors of `who.look`."""
        turn = _Turn(self, who)
        try:
            turn.take()
            _own.turn = turn
            yield
        finally:
            _own.turn = None
            turn.give_back()

    def _wait_for(self, turn: _Turn) -> None:
        with self._changed:
            self._queue.append(turn)
            try:
                has_waited = False
                while self._queue[0] is not turn or self._busy >= self._most:
                    turn.who.look()
                    turn.who.say(WAITING)
                    has_waited = True
                    self._changed.wait(_LOOK_S)
                self._busy += 1
                if has_waited:
                    turn.who.say("")
            finally:
                self._queue.remove(turn)
                self._changed.notify_all()

    def _end_one(self) -> None:
        with self._changed:
            self._busy -= 1
            self._changed.notify_all()


class _Turn:
    """The turn of one thread, which it may give back and take again."""

    def __init__(self, turns: Turns, who: Watched) -> None:
        self._turns, self.who = turns, who
        self._is_held = False

    def take(self) -> None:
        self._turns._wait_for(self)
        self._is_held = True

    def give_back(self) -> None:
        if self._is_held:
            self._is_held = False
            self._turns._end_one()


@contextmanager
def elsewhere() -> Iterator[None]:
    """Gives this thread's turn to others within the block, in which the thread only waits; then takes one again.

    A thread that has no turn goes through at once. Raises as `Turns.one`.
    """
    turn: _Turn | None = getattr(_own, "turn", None)
    if turn is None:
        yield
        return
    turn.give_back()
    try:
        yield
    finally:
        turn.take()
