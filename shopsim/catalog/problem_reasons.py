"""Counts the files with a problem by reason, so that thousands of them are told in a few lines."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from shopsim.base.text.spreadsheet import csv_bytes
from shopsim.catalog.catalog import Problem

MOST_LISTED = 1000
"""So many problems are listed one by one; further ones are counted, and a file has all of them."""
_MOST_REASONS = 50
OTHER_REASONS = "other reasons"


@dataclass(frozen=True, slots=True)
class ReasonCount:
    """How many files share one reason. left_out: as in `Problem`."""

    reason: str
    left_out: bool
    n_files: int


def count_reasons(problems: Iterable[Problem]) -> list[ReasonCount]:
    """Returns the reasons, the most frequent first; the counts add up to the number of problems.

    A reason that quotes the name of its file is one reason for all files. Beyond 50 reasons, the rare ones are counted
    together as OTHER_REASONS.
    """
    counts = Counter((_without_name(problem), problem.left_out) for problem in problems).most_common()
    rare: Counter[tuple[str, bool]] = Counter()
    for (_, left_out), n_files in counts[_MOST_REASONS:]:
        rare[OTHER_REASONS, left_out] += n_files
    return [ReasonCount(*what, n_files) for what, n_files in [*counts[:_MOST_REASONS], *rare.most_common()]]


def problems_csv(problems: Sequence[Problem]) -> bytes:
    """Writes one row per problem, with the columns file, reason and left_out (yes or no), as `csv_bytes` does."""
    rows = ((problem.name, problem.reason, "yes" if problem.left_out else "no") for problem in problems)
    return csv_bytes(("file", "reason", "left_out"), rows)


def _without_name(problem: Problem) -> str:
    reason = problem.reason
    for name in (problem.name, problem.name.rpartition("/")[2]):
        reason = reason.replace(f"'{name}'", "the file")
    return reason
