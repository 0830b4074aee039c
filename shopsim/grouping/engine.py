"""Where features and neighbour lists are computed."""

from __future__ import annotations

from dataclasses import dataclass

from shopsim.clusterers.nearest_lists import NearestSearch, nearest_lists
from shopsim.features import batches
from shopsim.features.batches import BatchesOf


@dataclass(frozen=True)
class Engine:
    """What carries out the two steps that take longest with many photos; by default this process.

    batches: computes feature rows; nearest: the exact search for nearest photos. Every engine gives the same bytes.
    """

    batches: BatchesOf = batches.here
    nearest: NearestSearch = nearest_lists


HERE = Engine()
