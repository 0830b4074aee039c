"""Says whether a tree joins other photos than similarity alone would."""

from __future__ import annotations

from shopsim.grouping.grouping import Fitted


def is_changed(fitted: Fitted) -> bool:
    """Whether a never-join rule or corrections of people changed the tree; scores estimated without labels then err."""
    return fitted.never_joined is not None or fitted.bindings is not None
