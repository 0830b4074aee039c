"""Where costly steps are carried out: in this process, as a command does it, or in processes beside a server."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from shopsim.base.work.progress import Progress, silent

NETWORK = "network"
"""For all that runs TensorFlow: one process, which keeps the networks it has loaded."""
SEARCH = "search"
"""For what takes minutes: searches for settings, leaderboards."""
PICTURES = "pictures"
"""For the pictures of a whole map, which nothing waits for."""
NUMBERS = "numbers"
"""For what a page waits for: catalogues, spaces, trees, cuts, projections."""

# Called as `here`; the function must be importable, and its arguments and result such that `pickle` takes them.
Run = Callable[..., Any]


def here(
    function: Callable[..., Any],
    *arguments: Any,
    lane: str = NUMBERS,
    progress: Progress = silent,
    tell: Callable[[Any], None] | None = None,
    **named: Any,
) -> Any:
    """What the function returns, computed in this process whatever the lane.

    progress, tell: given to the function as far as it has arguments of these names.
    """
    known = inspect.signature(function).parameters
    given = {"progress": progress, "tell": tell}
    return function(*arguments, **named, **{name: value for name, value in given.items() if name in known})
