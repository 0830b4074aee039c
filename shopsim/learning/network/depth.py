"""How much of a network is trained: the last blocks on activations that are kept, or all of it."""

from __future__ import annotations

import math
from dataclasses import dataclass

from shopsim.base.errors import ShopsimError

LAST, MOST, ALL = "last", "most", "all"
"""Blocks 14 to 16, blocks 10 to 16, and the whole network."""


@dataclass(frozen=True)
class Depth:
    """The layer at which a network is cut into stem and tail; '' is before the first layer.

    shrunk: how many times narrower and lower than the photo the activations are. channels: of the activations, for a
    network of width 1. rate: photos per second that two cores train, once prepared.
    """

    title: str
    layer: str
    shrunk: int
    channels: int
    rate: float

    @property
    def told(self) -> str:
        """Returns the title as it stands within a sentence."""
        return f"{self.title[0].lower()}{self.title[1:]}"

    def numbers(self, side: int, width: float) -> int:
        """Returns how many activations a photo of side x side pixels has; width: of the network, 1 or 1.4."""
        channels = self.channels if not self.layer else 8 * math.floor(self.channels * width / 8 + 0.5)
        return (side // self.shrunk) ** 2 * channels


# On validation models of grocery (two folds, four passes) MAP@R went from 0.508 to 0.622 with the last blocks, to 0.656
# parted after block 12, to 0.674 with most. A step took 1.8 times as long with most, 6.5 times with all.
DEPTHS = {
    LAST: Depth("The last three blocks", "block_13_project_BN", 32, 160, 220.0),
    MOST: Depth("The last seven blocks", "block_9_add", 16, 64, 120.0),
    ALL: Depth("The whole network (for a GPU)", "", 1, 3, 33.0),
}


def layer_of(depth: str) -> str:
    """Returns the layer of a depth. Raises ShopsimError for an unknown name."""
    if depth not in DEPTHS:
        raise ShopsimError(f"'{depth}' is no depth; choose one of {', '.join(DEPTHS)}.")
    return DEPTHS[depth].layer
