"""Classic."""

from __future__ import annotations

from shopsim.drawing.materials import CANVAS, LEATHER, METAL, PEBBLE
from shopsim.drawing.outlines import arch, band, close, dashes, ellipse, inset, rounded
from shopsim.drawing.sketch import Sketch


def tote(s: Sketch) -> None:
    s.part(band(arch((340, 420), (660, 420), 110), 34), "trim", LEATHER, puff=16)
    body = rounded([(150, 330), (850, 330), (900, 900), (100, 900)], [30, 30, 70, 70])
    s.part(body, "main", PEBBLE, puff=90)
    s.part([band(d, 3.4) for d in dashes(close(inset(body, 16)))], "thread", CANVAS, puff=3, drop=2)
    s.part(band(arch((340, 440), (660, 440), 150), 36), "trim", LEATHER, puff=16)
    s.part(ellipse(500, 600, 60), "metal", METAL, puff=14, hole=ellipse(500, 600, 44))
