"""Draws the curve as SVG text, which browsers and printers show without any program."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

import numpy as np

from shopsim.scoring.curve import CountCurve, Curve

WIDTH, HEIGHT = 720, 260
_LEFT, _RIGHT, _TOP, _BOTTOM = 52, 16, 10, 40
# Name of the field, dashes: lines are told apart without colours too, on paper.
LINES = (("recall", "2 3"), ("precision", "7 3"), ("ari", ""))


def curve_svg(curve: CountCurve, value: float, low: float, names: dict[str, str], axis: str) -> str:
    """Returns the drawing; colours come from the page's own style.

    value: the current threshold; low: the lowest one that is drawn; names: of the lines by field, read by machines
    that speak the page; axis: what stands below.
    """
    points = curve.drawn(low, value, WIDTH, HEIGHT)
    x = _across(np.maximum(points.similarity, low), low)
    parts = [_grid(low, curve), f'<text class="axis" x="{WIDTH / 2:.0f}" y="{HEIGHT - 4}">{escape(axis)}</text>']
    if isinstance(points, Curve):
        parts += [_line(x, getattr(points, name), name, dashes) for name, dashes in LINES]
    else:
        parts.append(_line(x, points.n_groups / max(int(curve.n_groups[0]), 1), "groups", ""))
    at = _across(np.array([max(min(value, 1.0), low)]), low)[0]
    parts.append(f'<line class="now" x1="{at:.1f}" x2="{at:.1f}" y1="{_TOP}" y2="{HEIGHT - _BOTTOM}"/>')
    label = escape(", ".join(names.values()), quote=True)
    return f'<svg viewBox="0 0 {WIDTH} {HEIGHT}" role="img" aria-label="{label}">{"".join(parts)}</svg>'


def _grid(low: float, curve: CountCurve) -> str:
    most = 1.0 if isinstance(curve, Curve) else max(int(curve.n_groups[0]), 1)
    lines = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        y = _down(np.array([share]))[0]
        told = f"{share:g}" if isinstance(curve, Curve) else f"{share * most:,.0f}"
        lines.append(f'<line class="grid" x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y:.1f}" y2="{y:.1f}"/>')
        lines.append(f'<text class="y" x="{_LEFT - 6}" y="{y + 4:.1f}">{told}</text>')
    for percent in _ticks(low):
        x = _across(np.array([percent / 100]), low)[0]
        lines.append(f'<text class="x" x="{x:.1f}" y="{HEIGHT - _BOTTOM + 16}">{percent:g}</text>')
    return "".join(lines)


def _ticks(low: float) -> Sequence[int]:
    first = int(np.ceil(low * 100 / 20)) * 20
    return range(first, 101, 20)


def _line(x: np.ndarray, heights: np.ndarray, name: str, dashes: str) -> str:
    y = _down(np.maximum(heights, 0.0))
    # A cut is the same from its merge's similarity down to the next one: a step.
    steps = [f"M{x[0]:.1f},{y[0]:.1f}"] + [
        f"H{across:.1f}V{down:.1f}" for across, down in zip(x[1:], y[1:], strict=True)
    ]
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<path class="{name}"{dashed} d="{"".join(steps)}H{_LEFT}"/>'


def _across(similarity: np.ndarray, low: float) -> np.ndarray:
    share = (np.minimum(similarity, 1.0) - low) / max(1.0 - low, 1e-9)
    return _LEFT + share * (WIDTH - _LEFT - _RIGHT)


def _down(share: np.ndarray) -> np.ndarray:
    return _TOP + (1 - share) * (HEIGHT - _TOP - _BOTTOM)
