"""Says whether the corrections of the workspace still mean for the photos what they meant when a run was kept."""

from __future__ import annotations

from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.fit_bound import bound_for
from shopsim.grouping.corrections.store import read_actions, read_all_actions
from shopsim.grouping.corrections.used import Used, statements_in, used_of
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.runs.record import About

_OTHERS = (
    "The run was kept with {n_then:,} corrections, and its groups respect exactly these. Other corrections count now: "
    "{n_now:,}."
)
_NONE = "The run was kept without corrections, so its groups respect none of those that were made: {n_now:,}."


def used_now(fitted: Fitted) -> Used:
    """Returns the corrections of the workspace that the photos have now. Raises Contradiction as `bound_for` does."""
    bound = bound_for(fitted, read_all_actions())
    return used_of(read_actions(fitted.catalog), statements_in(bound, photo_keys(fitted.catalog)))


def corrections_since(about: About, now: Used) -> str:
    """Returns a sentence on corrections that differ from those of the run; '' if they mean the same."""
    then = about.corrections
    if then is None:
        return _NONE.format(n_now=now.n) if now.n else ""
    return "" if then.digest == now.digest else _OTHERS.format(n_then=then.n, n_now=now.n)
