"""The exhaustive rest: cases that run only with `make test-all`, each with the reason why that is often enough."""

import pytest


def some_by_day(cases, n_by_day, reason):
    """Parameters of a test: `n_by_day` of the cases, evenly spread, run always; the others only at night."""
    cases = list(cases)
    by_day = {number * len(cases) // n_by_day for number in range(n_by_day)}
    return [
        case if number in by_day else _param(case, marks=pytest.mark.nightly(reason))
        for number, case in enumerate(cases)
    ]


def without_reason(items):
    """The tests that are marked `nightly` and give no reason of at least five words."""
    marks = {item.nodeid: list(item.iter_markers("nightly")) for item in items}
    return [name for name, given in marks.items() if any(not _reason(mark) for mark in given)]


def _reason(mark):
    return len(mark.args) == 1 and isinstance(mark.args[0], str) and len(mark.args[0].split()) >= 5


def _param(case, marks):
    return pytest.param(*case, marks=marks) if isinstance(case, tuple) else pytest.param(case, marks=marks)
