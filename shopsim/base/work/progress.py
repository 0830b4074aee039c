"""How long work tells how far it is, and how it is told to stop."""

from __future__ import annotations

from collections.abc import Callable

# Called with (done, total) on the thread that runs the work; raises Stopped when the work shall end.
Progress = Callable[[int, int], None]


class Stopped(Exception):
    """The work was asked to stop; what it had finished is kept."""


def silent(done: int, total: int) -> None:
    """A progress that nobody watches."""


def part_of(progress: Progress, before: int, size: int, total: int) -> Progress:
    """A progress for one part of some work: the part counts for `size` of `total`, and comes after `before`."""
    return lambda done, of: progress(before + size * done // max(of, 1), total)


def say(progress: Progress, doing: str) -> None:
    """Say which step the work is at, where whoever watches the progress can show it.

    A step that cannot count (a linkage, the start of TensorFlow) would otherwise look like a standstill.
    """
    tell = getattr(progress, "say", None)
    if tell is not None:
        tell(doing)
