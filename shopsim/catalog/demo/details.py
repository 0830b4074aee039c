"""Draws details that are sewn, riveted or clipped on: stitches, straps, buckles, rings, zips, chains, locks."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.demo.materials import CANVAS, LEATHER, METAL, Material
from shopsim.catalog.demo.outlines import band, box, close, dashes, ellipse, inset, resample, rounded
from shopsim.catalog.demo.sketch import Sketch


def stitches(s: Sketch, line: np.ndarray, width: float = 3.4, length: float = 9, gap: float = 6) -> None:
    """Draws a row of stitches along an open line, in a slightly pressed-in seam."""
    s.groove(band(line, width * 2.2), 0.16)
    s.part([band(dash, width) for dash in dashes(line, length, gap)], "thread", CANVAS, puff=3, drop=1.6, shadow=0.5)


def edge_stitches(s: Sketch, outline: np.ndarray, by: float = 13) -> None:
    """Draws stitches all along the inside of a closed outline."""
    stitches(s, close(inset(outline, by)))


def seam(s: Sketch, line: np.ndarray, width: float = 3.5, depth: float = 0.5) -> None:
    """Draws the line where two pieces meet: dark, with a lit lip."""
    s.groove(band(line, width), depth)


def strap(
    s: Sketch,
    line: np.ndarray,
    width: float,
    role: str = "trim",
    material: Material = LEATHER,
    sewn: bool = True,
    tone: float = 1.0,
) -> None:
    """Draws a flat strap along an open line, stitched along both edges."""
    s.part(band(line, width), role, material, puff=width * 0.35, height=0.7, tone=tone, drop=6)
    if sewn:
        line = resample(line, 120)
        sides = band(line, width - 11)
        stitches(s, sides[:120], 2.4, 7, 5)
        stitches(s, sides[120:], 2.4, 7, 5)


def tube(
    s: Sketch, line: np.ndarray, width: float, role: str = "trim", material: Material = LEATHER, tone: float = 1.0
) -> None:
    """Draws a round handle along an open line."""
    s.part(band(line, width), role, material, puff=width * 1.05, height=1.25, tone=tone, drop=8)


def ring(s: Sketch, x: float, y: float, rx: float, thick: float = 7, ry: float | None = None) -> None:
    """Draws a metal ring or, with two radii, an oval link."""
    ry = rx if ry is None else ry
    s.part(ellipse(x, y, rx, ry), "metal", METAL, puff=thick * 1.2, hole=ellipse(x, y, rx - thick, ry - thick), drop=4)


def d_ring(s: Sketch, x: float, y: float, width: float, height: float, thick: float = 7) -> None:
    """Draws a metal frame with rounded corners through which a strap runs."""
    outer = box(x - width / 2, y - height / 2, x + width / 2, y + height / 2, 9)
    s.part(outer, "metal", METAL, puff=thick * 1.2, hole=inset(outer, thick), drop=4)


def buckle(s: Sketch, x: float, y: float, width: float, height: float) -> None:
    """Draws a frame with its prong."""
    d_ring(s, x, y, width, height, 8)
    s.part(box(x - 3.5, y - height / 2 + 2, x + 3.5, y + height / 2 + 3, 3), "metal", METAL, puff=6, drop=3)


def stud(s: Sketch, x: float, y: float, radius: float = 8) -> None:
    """Draws a domed rivet."""
    s.part(ellipse(x, y, radius, steps=40), "metal", METAL, puff=radius * 2, height=1.2, drop=3)


def plate(s: Sketch, outline: np.ndarray, puff: float = 9) -> None:
    """Draws a flat metal fitting with a bevelled edge."""
    s.part(outline, "metal", METAL, puff=puff, drop=4)


def turn_lock(s: Sketch, x: float, y: float, size: float = 34) -> None:
    """Draws an oval plate with a bar to turn."""
    plate(s, ellipse(x, y, size, size * 0.72), 10)
    s.groove(ellipse(x, y, size * 0.62, size * 0.42), 0.35)
    plate(s, box(x - size * 0.48, y - size * 0.15, x + size * 0.48, y + size * 0.15, size * 0.12), 8)


def padlock(s: Sketch, x: float, y: float, size: float = 30) -> None:
    """Draws a small lock hanging from its shackle."""
    s.part(ellipse(x, y, size * 0.62, size * 0.72), "metal", METAL, puff=8, hole=ellipse(x, y, size * 0.4, size * 0.5))
    plate(s, box(x - size * 0.8, y + size * 0.25, x + size * 0.8, y + size * 1.7, 7), 10)
    s.groove(ellipse(x, y + size * 0.85, 4.5), 0.8)
    s.groove(box(x - 2, y + size * 0.85, x + 2, y + size * 1.25, 1), 0.8)


def zipper(s: Sketch, line: np.ndarray, width: float = 15) -> None:
    """Draws tape, teeth and puller along an open line; the puller hangs at its end."""
    s.part(band(line, width), "lining", CANVAS, puff=3, shadow=0.25, drop=3)
    teeth = dashes(line, 3.4, 3.0)
    s.part([band(tooth, width * 0.42) for tooth in teeth], "metal", METAL, puff=3, drop=1.5)
    x, y = line[-1]
    plate(s, box(x - 7, y - 9, x + 7, y + 9, 4), 7)
    s.part(rounded([(x - 4, y + 6), (x + 4, y + 6), (x + 7, y + 50), (x - 7, y + 50)], 5), "metal", METAL, puff=8)


def chain(s: Sketch, line: np.ndarray, link: float = 26, thick: float = 5) -> None:
    """Draws links along an open line, seen flat and edge-on in turn."""
    total = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    count = max(int(total / (link * 0.62)), 3)
    at = resample(line, count + 2)
    flat, holes, upright = [], [], []
    for before, here, after in zip(at[:-2], at[1:-1], at[2:], strict=True):
        along = (after - before) / np.linalg.norm(after - before)
        across = np.array([-along[1], along[0]])
        if len(flat) <= len(upright):
            outer, inner = (
                ellipse(0, 0, link * 0.55, link * 0.36, 28),
                ellipse(0, 0, link * 0.55 - thick, link * 0.36 - thick, 28),
            )
            flat.append(here + outer @ [along, across])
            holes.append(here + inner @ [along, across])
        else:
            upright.append(here + ellipse(0, 0, link * 0.5, thick * 0.62, 24) @ [along, across])
    s.part(flat, "metal", METAL, puff=thick * 1.3, hole=holes, drop=3)
    s.part(upright, "metal", METAL, puff=thick * 1.6, drop=3)


def tassel(s: Sketch, x: float, y: float, length: float = 120, role: str = "trim") -> None:
    """Draws a fringe that is bound at its top."""
    half = length * 0.17
    fringe = rounded(
        [(x - half * 0.6, y), (x + half * 0.6, y), (x + half * 1.15, y + length), (x - half * 1.15, y + length)], 6
    )
    s.part(fringe, role, LEATHER, puff=half * 1.6, drop=8)
    for i in range(-4, 5):
        line = np.array([(x + i * half * 0.12, y + length * 0.22), (x + i * half * 0.25, y + length)])
        s.groove(band(line, 2.2), 0.55)
    s.part(box(x - half * 0.72, y - 8, x + half * 0.72, y + length * 0.2, 7), role, LEATHER, puff=half * 1.4, drop=4)
    seam(s, np.array([(x - half * 0.7, y + length * 0.17), (x + half * 0.7, y + length * 0.17)]))


def crease(s: Sketch, path: np.ndarray, depth: float, width: float) -> None:
    """Draws a soft fold along an open line: shade in the hollow, light on the swell below it."""
    s.darken(band(path, width * 0.8), depth, width)
    s.darken(band(path + [2, width * 1.1], width * 0.8), -depth * 0.6, width)


def pleats(s: Sketch, top: np.ndarray, bottom: np.ndarray, count: int, depth: float = 0.5) -> None:
    """Draws soft folds that run from one open line to another and fade out."""
    starts, ends = resample(top, count), resample(bottom, count)
    for i, (a, b) in enumerate(zip(starts, ends, strict=True)):
        reach = 0.55 + 0.45 * ((i * 7) % 5) / 4
        fold = np.array([a, a + (b - a) * reach * 0.5, a + (b - a) * reach])
        width = np.array([11.0, 7.0, 1.0])
        s.darken(band(fold, width), depth, 9)
        s.darken(band(fold + [9, 0], width), -depth * 0.55, 9)


def stamp(s: Sketch, x: float, y: float, width: float = 90) -> None:
    """Draws a brand as an embossed bar of illegible letters."""
    cell = width / 6
    letters = [
        box(x - width / 2 + i * cell, y, x - width / 2 + i * cell + cell * 0.62, y + cell * 0.85, 1) for i in range(6)
    ]
    counters = [
        box(b[:, 0].min() + 3, y + 3, b[:, 0].max() - 3, y + cell * (0.42 + 0.2 * (i % 2)), 1)
        for i, b in enumerate(letters)
    ]
    s.part(letters, "metal", METAL, puff=3, hole=counters, drop=1.5, shadow=0.3)
