"""Makes colour profiles from the code points of a PNG, AVIF or HEIC, or from a PNG's gamma and primaries."""

from __future__ import annotations

import struct
from functools import lru_cache

import numpy as np

# The x and y of red, green, blue and white, by code point (ITU-T H.273, table 2).
_D65 = (0.3127, 0.329)
SRGB_PRIMARIES = ((0.64, 0.33), (0.3, 0.6), (0.15, 0.06), _D65)
_PRIMARIES = {
    1: SRGB_PRIMARIES,
    9: ((0.708, 0.292), (0.17, 0.797), (0.131, 0.046), _D65),
    11: ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), (0.314, 0.351)),
    12: ((0.68, 0.32), (0.265, 0.69), (0.15, 0.06), _D65),
}
# Gamma by code point (table 3); 0 means the curve of sRGB, which browsers also use for the curves of video.
_GAMMAS = {1: 0.0, 6: 0.0, 13: 0.0, 14: 0.0, 15: 0.0, 4: 2.2, 5: 2.8, 8: 1.0}
_D50 = np.array([0.9642, 1.0, 0.8249])
_BRADFORD = np.array([[0.8951, 0.2664, -0.1614], [-0.7502, 1.7135, 0.0367], [0.0389, -0.0685, 1.0296]])
# Power, scale and shift above, scale below, and the point where both meet (IEC 61966-2-1).
_SRGB_CURVE = (2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045)

Primaries = tuple[tuple[float, float], ...]


def coded_profile(primaries: int, transfer: int) -> bytes | None:
    """Returns the profile of two code points; None for sRGB, unspecified ones, or no fixed white (HDR)."""
    if primaries not in _PRIMARIES or transfer not in _GAMMAS or (primaries == 1 and not _GAMMAS[transfer]):
        return None
    return made_profile(_PRIMARIES[primaries], _GAMMAS[transfer])


@lru_cache(maxsize=32)
def made_profile(primaries: Primaries, gamma: float) -> bytes | None:
    """Makes an RGB profile; None if no light can have these colours.

    primaries: (x, y) of red, green, blue and white; gamma: the power, 0 for the curve of sRGB.
    """
    columns = _xyz_of_primaries(np.array(primaries))
    if columns is None:
        return None
    curve = struct.pack(">4s4xH2x5i", b"para", 3, *_fixed(_SRGB_CURVE)) if not gamma else _power(gamma)
    tags = dict(zip((b"rXYZ", b"gXYZ", b"bXYZ"), map(_xyz, columns.T), strict=True))
    tags |= {b"wtpt": _xyz(_D50)} | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve)
    start, table, body = 128 + 4 + 12 * len(tags), b"", b""
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data
    white = _fixed(_D50)
    head = struct.pack(">I4xI4s4s4s12x4s28x3i", start + len(body), 4 << 24, b"mntr", b"RGB ", b"XYZ ", b"acsp", *white)
    return head.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz_of_primaries(places: np.ndarray) -> np.ndarray | None:
    """Returns (3, 3) XYZ of red, green and blue in columns, adapted to D50; None if there can be no such colours."""
    if places.shape != (4, 2) or (places[:, 1] <= 0).any() or not np.isfinite(places).all():
        return None
    x, y = places.T
    xyz = np.stack([x / y, np.ones(4), (1 - x - y) / y])
    colours, white = xyz[:, :3], xyz[:, 3]
    if abs(np.linalg.det(colours)) < 1e-6:
        return None
    to_cones = np.diag((_BRADFORD @ _D50) / (_BRADFORD @ white))
    found = np.linalg.inv(_BRADFORD) @ to_cones @ _BRADFORD @ (colours * np.linalg.solve(colours, white))
    return found if (np.abs(found) < 100).all() else None


def _power(gamma: float) -> bytes:
    return struct.pack(">4s4xH2xi", b"para", 0, *_fixed((gamma,)))


def _xyz(values: np.ndarray) -> bytes:
    return struct.pack(">4s4x3i", b"XYZ ", *_fixed(values))


def _fixed(values: np.ndarray | tuple[float, ...]) -> list[int]:
    return [round(65536 * float(value)) for value in values]
