"""How long work tells how far it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

WAITING = "waiting until other work has finished"
"""What work says while it cannot begin yet."""

# Called with (done, total) on the thread that runs the work; raises Stopped when the work shall end.
Progress = Callable[[int, int], None]


class Stopped(Exception):
    """The work was asked to stop; what it had finished is kept."""


def silent(done: int, total: int) -> None:
    """A progress that nobody watches."""


def say(progress: Progress, doing: str) -> None:
    """Say which step the work is at, where whoever watches the progress can show it.

    A step that cannot count (a linkage, the start of TensorFlow) would otherwise look like a standstill.
    """
    tell = getattr(progress, "say", None)
    if tell is not None:
        tell(doing)


def look(progress: Progress) -> None:
    """Raises Stopped if the work shall end, without a report of how far it is, where the progress can be asked so."""
    asked = getattr(progress, "look", None)
    if asked is not None:
        asked()
