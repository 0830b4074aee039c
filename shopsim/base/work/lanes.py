"""Where costly steps run: in this process, as in a command, or in processes beside a server."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from shopsim.base.work.progress import Progress, silent

NETWORK = "network"
"""For all steps that run TensorFlow: one process, which keeps the networks it has loaded."""
SEARCH = "search"
"""For steps that take minutes: searches for settings, leaderboards."""
PICTURES = "pictures"
"""For the pictures of a whole map; no page waits for them."""
NUMBERS = "numbers"
"""For steps that a page waits for: catalogues, spaces, trees, cuts, projections."""

# Called as `here`; the function must be importable, and `pickle` must accept its arguments and result.
Run = Callable[..., Any]


def here(
    function: Callable[..., Any],
    *arguments: Any,
    lane: str = NUMBERS,
    progress: Progress = silent,
    tell: Callable[[Any], None] | None = None,
    **named: Any,
) -> Any:
    """Calls the function in this process, whatever the lane, and returns its result.

    progress, tell: passed to the function if it has arguments of these names.
    """
    known = inspect.signature(function).parameters
    given = {"progress": progress, "tell": tell}
    return function(*arguments, **named, **{name: value for name, value in given.items() if name in known})
