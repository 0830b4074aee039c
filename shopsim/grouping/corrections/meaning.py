"""What actions mean together: photos that show one model, and pairs that show different ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations

from shopsim.grouping.corrections.action import BINDING, DIFFERENT, DIVIDE, MOVE, SAME, Action, Parts


@dataclass(frozen=True)
class Statements:
    """Groups of keys of photos that show one model, and pairs of keys of photos that show different ones.

    The same photos may be in several groups; nothing is closed transitively yet.
    """

    together: tuple[tuple[str, ...], ...]
    apart: tuple[tuple[str, str], ...]

    def __bool__(self) -> bool:
        return bool(self.together or self.apart)


NOTHING_SAID = Statements((), ())


def statements_of(actions: Iterable[Action]) -> Statements:
    """Returns what these actions mean; those that were undone mean nothing."""
    valid = sorted((each for each in actions if not each.undone and each.kind in BINDING), key=lambda each: each.number)
    last_taken = {key: place for place, each in enumerate(valid) for key in each.taken}
    together, apart = [], []
    for place, each in enumerate(valid):
        parts = each.parts if each.is_firm else _left(each.parts, last_taken, place)
        together += _together(each.kind, parts)
        apart += _apart(each.kind, parts)
    return Statements(tuple(group for group in together if len(group) > 1), tuple(apart))


def _left(parts: Parts, last_taken: dict[str, int], place: int) -> Parts:
    """Returns the parts without the photos that a later action takes out."""
    return tuple(tuple(key for key in part if last_taken.get(key, -1) <= place) for part in parts)


def _together(kind: str, parts: Parts) -> Iterator[tuple[str, ...]]:
    if kind == SAME:
        yield tuple(key for part in parts for key in part)
    elif kind in (DIFFERENT, DIVIDE):
        return
    elif parts[0]:
        # A move says nothing of its target if all moved photos have moved on.
        yield parts[0] + parts[1] if kind == MOVE else parts[0]


def _apart(kind: str, parts: Parts) -> Iterator[tuple[str, str]]:
    if kind in (DIFFERENT, DIVIDE):
        yield from combinations([part[0] for part in parts if part], 2)
    elif kind != SAME and parts[0]:
        others: Sequence[str] = parts[1] if kind != MOVE else parts[2][:1] if len(parts) > 2 else ()
        yield from ((parts[0][0], other) for other in others)
