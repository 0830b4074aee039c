"""How work reports its progress, and how it is asked to stop."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

WAITING = "waiting until other work has finished"
"""Shown while work cannot begin yet."""

# Called with (done, total) on the thread that runs the work; raises Stopped when the work shall end.
Progress = Callable[[int, int], None]


class Stopped(Exception):
    """The work was asked to stop; finished parts are kept."""


def silent(done: int, total: int) -> None:
    """A progress that shows nothing."""


def part_of(progress: Progress, before: int, size: int, total: int) -> Progress:
    """A progress for one part of some work: the part counts for `size` of `total`, and comes after `before`.

    The part also tells the whole which step it is at, and hears when the whole shall stop.
    """
    return _Part(progress, before, size, total)


def with_hint(progress: Progress, hint: str) -> Progress:
    """A progress that says this hint after each step."""
    return _Hinted(progress, hint)


@dataclass(frozen=True)
class _Hinted:
    whole: Progress
    hint: str

    def __call__(self, done: int, total: int) -> None:
        self.whole(done, total)

    def say(self, doing: str) -> None:
        say(self.whole, doing + self.hint)

    def look(self) -> None:
        look(self.whole)


@dataclass(frozen=True)
class _Part:
    whole: Progress
    before: int
    size: int
    total: int

    def __call__(self, done: int, of: int) -> None:
        self.whole(self.before + self.size * done // max(of, 1), self.total)

    def say(self, doing: str) -> None:
        say(self.whole, doing)

    def look(self) -> None:
        look(self.whole)


def say(progress: Progress, doing: str) -> None:
    """Says which step the work is at, if the progress can show it.

    A step without a count (a linkage, the start of TensorFlow) would otherwise look as if nothing happened.
    """
    tell = getattr(progress, "say", None)
    if tell is not None:
        tell(doing)


def look(progress: Progress) -> None:
    """Raises Stopped if the work was asked to stop, without a report; does nothing if the progress cannot tell."""
    asked = getattr(progress, "look", None)
    if asked is not None:
        asked()
