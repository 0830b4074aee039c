"""Says which extractors can be added to another one by hand, and with which share."""

from __future__ import annotations

from shopsim.features.extractors import extractors
from shopsim.features.networks.wanted import is_network
from shopsim.grouping.fit import OWN_VECTORS


def addable_to(extractor: str) -> list[str]:
    """Returns the names of the extractors that can be added to this one by hand; none for own vectors.

    An added extractor has its default settings, so one that must first be told which network it is cannot be added.
    """
    if extractor == OWN_VECTORS:
        return []
    return [name for name in extractors.names() if name != extractor and extractors.entry(name).starts_by_itself]


def usual_share(name: str) -> float:
    """Returns the share that an extractor is added with if nobody says another one."""
    # Two networks see about as much. One that only sees colours should not outvote a network.
    return 0.5 if is_network(name) else 0.3
