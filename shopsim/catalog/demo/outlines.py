"""Builds shapes as (n, 2) float arrays of points, on a canvas of 1000 x 1000 units; y grows downward."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

Points = Sequence[tuple[float, float]] | np.ndarray


def curve(points: str) -> np.ndarray:
    """Returns a closed smooth outline through points written as "x,y x,y ..."; "x,y!" makes a corner."""
    return smooth(_parsed(points))


def trace(points: str) -> np.ndarray:
    """Returns an open smooth line through points written as for `curve`."""
    return smooth(_parsed(points), closed=False)


def _parsed(text: str) -> list[tuple[float, float]]:
    points: list[tuple[float, float]] = []
    for word in text.split():
        x, y = word.rstrip("!").split(",")
        points += [(float(x), float(y))] * (2 if word.endswith("!") else 1)
    return points


def smooth(points: Points, closed: bool = True, steps: int = 14) -> np.ndarray:
    """Returns a Catmull-Rom curve through the points; a point given twice in a row makes a corner."""
    p = np.asarray(points, float)
    if closed:
        before, after, last = np.roll(p, 1, 0), np.roll(p, -2, 0), np.roll(p, -1, 0)
        starts = p
    else:
        starts, last = p[:-1], p[1:]
        before, after = np.vstack([p[:1], p[:-2]]), np.vstack([p[2:], p[-1:]])
    t = np.linspace(0, 1, steps, endpoint=False)[:, None, None]
    curve = 0.5 * (
        2 * starts
        + (last - before) * t
        + (2 * before - 5 * starts + 4 * last - after) * t**2
        + (3 * starts - before - 3 * last + after) * t**3
    )
    curve = curve.transpose(1, 0, 2)[np.any(starts != last, axis=1)].reshape(-1, 2)
    return curve if closed else np.vstack([curve, p[-1:]])


def rounded(points: Points, radius: float | Sequence[float], steps: int = 10) -> np.ndarray:
    """Returns the polygon with its corners rounded; one radius for all or one per corner."""
    p = np.asarray(points, float)
    radii = np.broadcast_to(np.asarray(radius, float), len(p))
    t = np.linspace(0, 1, steps)[:, None]
    arcs = []
    for before, corner, after, r in zip(np.roll(p, 1, 0), p, np.roll(p, -1, 0), radii, strict=True):
        to_before, to_after = before - corner, after - corner
        near, far = np.linalg.norm(to_before), np.linalg.norm(to_after)
        start = corner + to_before * min(r / near, 0.5)
        end = corner + to_after * min(r / far, 0.5)
        arcs.append((1 - t) ** 2 * start + 2 * t * (1 - t) * corner + t**2 * end)
    return np.vstack(arcs)


def box(left: float, top: float, right: float, bottom: float, radius: float = 0) -> np.ndarray:
    """Returns a rectangle with rounded corners."""
    return rounded([(left, top), (right, top), (right, bottom), (left, bottom)], max(radius, 0.01))


def ellipse(x: float, y: float, rx: float, ry: float | None = None, steps: int = 72) -> np.ndarray:
    """Returns an ellipse, or a circle if only one radius is given."""
    angle = np.linspace(0, 2 * np.pi, steps, endpoint=False)
    return np.column_stack([x + rx * np.cos(angle), y + (rx if ry is None else ry) * np.sin(angle)])


def arch(left: tuple[float, float], right: tuple[float, float], top: float, square: float = 2.4) -> np.ndarray:
    """Returns an open handle line from `left` over `top` to `right`; `square` 2 is a half ellipse, more is boxier."""
    angle = np.linspace(np.pi, 0, 60)
    power = 2 / square
    x = np.sign(np.cos(angle)) * np.abs(np.cos(angle)) ** power
    y = np.abs(np.sin(angle)) ** power
    middle, half = (left[0] + right[0]) / 2, (right[0] - left[0]) / 2
    foot = np.linspace(left[1], right[1], len(angle))
    return np.column_stack([middle + half * x, foot + (top - foot) * y])


def hang(left: tuple[float, float], right: tuple[float, float], sag: float) -> np.ndarray:
    """Returns an open line from `left` to `right` that sags by `sag` (upward if negative)."""
    t = np.linspace(0, 1, 50)
    x = left[0] + (right[0] - left[0]) * t
    y = left[1] + (right[1] - left[1]) * t + 4 * sag * t * (1 - t)
    return np.column_stack([x, y])


def normals(line: np.ndarray, closed: bool) -> np.ndarray:
    """Returns unit vectors across the line, at each of its points."""
    along = np.roll(line, -1, 0) - np.roll(line, 1, 0) if closed else np.gradient(line, axis=0)
    length = np.maximum(np.linalg.norm(along, axis=1, keepdims=True), 1e-6)
    return np.column_stack([-along[:, 1], along[:, 0]]) / length


def band(line: np.ndarray, width: float | np.ndarray) -> np.ndarray:
    """Returns the outline of a strap along an open line, of one width or of one width per point."""
    side = normals(line, closed=False) * (np.broadcast_to(width, len(line)) / 2)[:, None]
    return np.vstack([line + side, (line - side)[::-1]])


def inset(outline: np.ndarray, by: float) -> np.ndarray:
    """Returns the closed outline moved inward by a distance that is small compared with its curves."""
    x, y = outline[:, 0], outline[:, 1]
    turn = np.sign(np.sum(x * np.roll(y, -1) - np.roll(x, -1) * y))
    return outline + normals(outline, closed=True) * by * turn


def mirror(outline: np.ndarray, x: float = 500) -> np.ndarray:
    """Returns the shape mirrored at a vertical line."""
    return np.column_stack([2 * x - outline[:, 0], outline[:, 1]])


def between(line: np.ndarray, start: float, end: float) -> np.ndarray:
    """Returns the part of an open line between two fractions of its length."""
    fine = resample(line, 400)
    return fine[int(start * 399) : int(end * 399) + 1]


def resample(line: np.ndarray, n: int) -> np.ndarray:
    """Returns n points spread evenly along an open line."""
    step = np.linalg.norm(np.diff(line, axis=0), axis=1)
    at = np.concatenate([[0], np.cumsum(step)])
    wanted = np.linspace(0, at[-1], n)
    return np.column_stack([np.interp(wanted, at, line[:, 0]), np.interp(wanted, at, line[:, 1])])


def dashes(line: np.ndarray, length: float = 9, gap: float = 6) -> list[np.ndarray]:
    """Returns the line cut into stitches."""
    total = float(np.linalg.norm(np.diff(line, axis=0), axis=1).sum())
    count = max(int(total / (length + gap)), 1)
    fine = resample(line, count * 2 + 1)
    share = length / (length + gap)
    return [np.array([a, a + (b - a) * 2 * share]) for a, b in zip(fine[0:-2:2], fine[1:-1:2], strict=True)]


def close(outline: np.ndarray) -> np.ndarray:
    """Returns a closed outline as an open line that returns to its start."""
    return np.vstack([outline, outline[:1]])
