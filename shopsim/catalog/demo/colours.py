"""Names of colours, and how a product is dressed in them."""

from __future__ import annotations

from shopsim.catalog.demo.sketch import Colours

COLOURS: Colours = {
    "black": (44, 42, 44), "charcoal": (66, 66, 70), "grey": (150, 152, 156), "white": (238, 237, 233),
    "cream": (228, 215, 194), "champagne": (222, 196, 160), "straw": (214, 180, 126), "taupe": (164, 144, 126),
    "tan": (186, 132, 84), "cognac": (158, 92, 50), "chocolate": (92, 62, 46), "burgundy": (116, 38, 48),
    "red": (184, 44, 46), "fuchsia": (186, 44, 104), "blush": (226, 178, 172), "mustard": (206, 154, 58),
    "olive": (104, 104, 70), "forest": (44, 88, 70), "navy": (44, 58, 98), "lilac": (176, 160, 204),
    "gold": (226, 190, 112), "silver": (204, 207, 212), "natural": (226, 206, 170),
}  # fmt: skip


def dress(
    main: str,
    trim: str | None = None,
    *,
    accent: str = "natural",
    lining: str = "taupe",
    sole: str = "white",
    metal: str = "gold",
) -> Colours:
    """The colour of every role. Thread is a light tone of the main colour, or natural on mid tones."""
    red, green, blue = COLOURS[main]
    dark = red + green + blue < 240
    thread = COLOURS["natural"] if not dark else (red + 34, green + 34, blue + 34)
    return {
        "main": COLOURS[main],
        "trim": COLOURS[trim or main],
        "accent": COLOURS[accent],
        "lining": COLOURS[lining],
        "sole": COLOURS[sole],
        "metal": COLOURS[metal],
        "thread": thread,
    }
