"""The corrections that groups respect: in numbers, and as what they mean, so that a kept run gives the groups again."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from shopsim.base.disk.records import Whole
from shopsim.base.disk.store import digest_of
from shopsim.grouping.corrections.action import BINDING, Action
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.corrections.meaning import Statements
from shopsim.grouping.grouping import Grouping


@dataclass(frozen=True)
class Used:
    """The corrections that groups respect, in numbers.

    digest: of what they mean for the photos, whatever the photos are called and in whatever order they are. kinds: how
    many of each kind. people: how many by each person, '' for nobody named. latest: the time of the latest in UTC, as
    in `Action`.
    """

    digest: str
    kinds: Mapping[str, Whole]
    people: Mapping[str, Whole]
    latest: str = ""

    @property
    def n(self) -> int:
        """How many corrections there are."""
        return sum(self.kinds.values())


@dataclass(frozen=True, eq=False)
class Applied:
    """Corrections as groups respect them.

    statements: as `statements_in` gives them. measured: the groups at the same threshold without corrections.
    """

    used: Used
    statements: Statements
    measured: Grouping


def used_of(actions: Iterable[Action], statements: Statements) -> Used:
    """Returns the numbers of those actions that a clustering must respect; those that were undone do not count."""
    valid = [each for each in actions if each.kind in BINDING and not each.undone]
    kinds, people = Counter(each.kind for each in valid), Counter(each.who for each in valid)
    latest = max((each.at for each in valid), default="")
    return Used(digest_of_statements(statements), dict(sorted(kinds.items())), dict(sorted(people.items())), latest)


def statements_in(bound: Bound, keys: Sequence[str]) -> Statements:
    """Returns the same as statements on the keys of the photos, in an order that only depends on these.

    `bound_of` gives `bound` back for the same photos. keys: of the photos that `bound` is of.
    """
    # A pair of closures is named by the first key of each.
    first = {row: min(keys[row] for row in closure) for closure in bound.together for row in closure}
    together = sorted(tuple(sorted({keys[row] for row in closure})) for closure in bound.together)
    apart = sorted(_ordered(*(first.get(row, keys[row]) for row in pair)) for pair in bound.apart)
    return Statements(tuple(together), tuple(apart))


def digest_of_statements(statements: Statements) -> str:
    """Returns a digest of statements as `statements_in` gives them."""
    return digest_of("corrections", statements.together, statements.apart)


def _ordered(one: str, other: str) -> tuple[str, str]:
    return min(one, other), max(one, other)
