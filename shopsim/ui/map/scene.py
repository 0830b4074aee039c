"""Writes the map as raw buffers, which the component in the browser draws without reading any text."""

from __future__ import annotations

import json
from collections.abc import Sequence

import numpy as np

from shopsim.ui.charts.map import FAINT, MARGIN, REST_AREA, WRONG_AREA, layers, point_opacity, point_size
from shopsim.ui.charts.map_colours import PALETTE, REST, WRONG
from shopsim.ui.charts.map_texts import Known

_SHADE_SIDE, _SHADE_BLUR = 512, 1.5
# A point's area at 12,000 points; as many as a hundred thousand need smaller ones.
_LEAST_DIAMETER, _SHRINKS_ABOVE = 2.0, 12_000


def to_square(points: np.ndarray) -> np.ndarray:
    """Returns (m, 2) float32 points moved into the square from -1 to 1, with the same scale across and upward."""
    if len(points) == 0:
        return points.astype(np.float32)
    low, high = points.min(axis=0), points.max(axis=0)
    half = float((high - low).max()) * MARGIN / 2 or 1.0
    return ((points - (low + high) / 2) / half).astype(np.float32)


def point_bytes(points: np.ndarray) -> bytes:
    """Returns (m, 2) points as little-endian float32: all places across, then all places upward."""
    return np.ascontiguousarray(points.T, dtype="<f4").tobytes()


def kind_bytes(kinds: np.ndarray) -> bytes:
    """Returns (m,) positions in PALETTE as one byte per point."""
    return kinds.astype(np.uint8).tobytes()


def row_bytes(rows: np.ndarray) -> bytes | None:
    """Returns (m,) rows of photos as little-endian uint32; None where the photos are all that there are, in order."""
    return None if np.array_equal(rows, np.arange(len(rows))) else rows.astype("<u4").tobytes()


def shade_bytes(points: np.ndarray) -> bytes:
    """Returns a picture of how many points lie where: one byte per pixel, row by row from the top.

    points: (m, 2) in the square. The shade grows with the square root of the smoothed number, so that few are visible.
    """
    from scipy.ndimage import gaussian_filter

    edges = np.linspace(-1, 1, _SHADE_SIDE + 1)
    counts, _, _ = np.histogram2d(points[:, 1], points[:, 0], bins=(edges, edges))
    shade = np.sqrt(gaussian_filter(counts, _SHADE_BLUR))[::-1]
    return np.rint(shade * (255 / max(float(shade.max()), 1e-9))).astype(np.uint8).tobytes()


def photo_bytes(names: Sequence[str], pictures: Sequence[str]) -> bytes:
    """Returns the name and the picture's address of each photo as JSON."""
    return _json({"name": names, "image": pictures})


def known_bytes(known: Sequence[Known]) -> bytes:
    """Returns what is known of each photo as JSON, each text once."""
    return _json([{"title": each.title, "texts": each.texts, "of": each.of.tolist()} for each in known])


def look(n_points: int) -> dict[str, object]:
    """Returns the colour, the diameter in pixels, the opacity and the layer of each kind, as Altair draws them."""
    kinds = np.arange(len(PALETTE))
    # All points are discs here, so a wrong one, which Altair draws as a diamond, stands out by its size alone.
    area = np.where(kinds == REST, REST_AREA, np.where(kinds == WRONG, 2 * WRONG_AREA, 1.0)) * point_size(n_points)
    shrunk = max(1.0, n_points / _SHRINKS_ABOVE) ** 0.25
    diameters = np.maximum(_LEAST_DIAMETER, 2 * np.sqrt(area / np.pi) / shrunk)
    opacities = np.where(kinds == REST, FAINT, point_opacity(n_points))
    ranks = np.unique(layers(kinds), return_inverse=True)[1]
    return {
        "palette": list(PALETTE),
        "sizes": diameters.round(2).tolist(),
        "opacities": opacities.tolist(),
        "layers": ranks.tolist(),
    }


def _json(content: object) -> bytes:
    return json.dumps(content, separators=(",", ":")).encode("ascii")
