"""The demo's product models: what they are called, how they are drawn, and the colours they are sold in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from shopsim.drawing.bags_classic import tote
from shopsim.drawing.sketch import Colours, Sketch


@dataclass(frozen=True)
class ProductModel:
    """id: the model id in file names, digits only. colourways: colour of every role, the best-selling one first."""

    category: str
    id: str
    name: str
    draw: Callable[[Sketch], None]
    colourways: tuple[Colours, ...]


_P = {"thread": (220, 190, 150), "metal": (235, 195, 110)}
MODELS: tuple[ProductModel, ...] = tuple(
    ProductModel(
        ("bags", "shoes")[i % 2],
        str(20310000101 + 37 * i),
        f"Placeholder {i}",
        tote,
        ({"main": (60 + 7 * i, 200 - 6 * i, (i * 53) % 200), "trim": (90, 50, 30), **_P},),
    )
    for i in range(26)
)
