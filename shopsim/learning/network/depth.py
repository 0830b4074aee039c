"""How much of a network is trained: the last blocks on activations that are kept, or all of it."""

from __future__ import annotations

from dataclasses import dataclass

from shopsim.base.errors import ShopsimError

LAST, MOST, ALL = "last", "most", "all"
DEPTHS = (LAST, MOST, ALL)
"""The names of the depths, which are the same for each network; its `Architecture` says what they mean there."""


@dataclass(frozen=True)
class Depth:
    """The layer at which a network is cut into stem and tail; '' is before the first layer.

    shrunk: how many times narrower and lower than the photo the activations are. channels: of the activations. rate:
    photos per second that two cores train, once prepared.
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

    def numbers(self, side: int) -> int:
        """Returns how many activations a photo of side x side pixels has."""
        return (side // self.shrunk) ** 2 * self.channels


def check_depth(depth: str) -> None:
    """Raises ShopsimError for an unknown name."""
    if depth not in DEPTHS:
        raise ShopsimError(f"'{depth}' is no depth; choose one of {', '.join(DEPTHS)}.")
