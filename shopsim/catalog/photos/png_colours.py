"""Makes the colour profile from a PNG's small colour chunks (PNG, third edition, 4.3 and 11.3.2)."""

from __future__ import annotations

import struct
from collections.abc import Mapping

from shopsim.catalog.photos.made_profiles import SRGB_PRIMARIES, coded_profile, made_profile

COLOUR_CHUNKS = {b"cICP": 4, b"sRGB": 1, b"gAMA": 4, b"cHRM": 32}
"""The colour chunks, each with the length that it must have."""
_PER_UNIT = 100_000
# The gamma that many programs write for sRGB: 1 / 2.2, rounded.
_SRGB_GAMMA, _NEARLY = 0.45455, 0.01
_NEAR_PLACE = 0.002
# A gamma outside this range comes from damage or a joke.
_GAMMAS = (0.2, 5.0)


def profile_of(chunks: Mapping[bytes, bytes]) -> bytes | None:
    """Returns the profile of the colour chunks by name, which may be incomplete; None if the photo is sRGB."""
    if b"cICP" in chunks:
        return coded_profile(*chunks[b"cICP"][:2])
    if b"sRGB" in chunks or b"gAMA" not in chunks:
        return None
    exponent = struct.unpack(">L", chunks[b"gAMA"])[0] / _PER_UNIT
    primaries = _primaries(chunks.get(b"cHRM"))
    if abs(exponent - _SRGB_GAMMA) <= _NEARLY:
        return None if primaries == SRGB_PRIMARIES else made_profile(primaries, 0.0)
    if not exponent or not _GAMMAS[0] <= 1 / exponent <= _GAMMAS[1]:
        return None
    return made_profile(primaries, 1 / exponent)


def _primaries(chunk: bytes | None) -> tuple[tuple[float, float], ...]:
    """Returns (x, y) of red, green, blue and white; exactly those of sRGB if they nearly are."""
    if chunk is None:
        return SRGB_PRIMARIES
    values = [value / _PER_UNIT for value in struct.unpack(">8L", chunk)]
    white, *colours = zip(values[::2], values[1::2], strict=True)
    places = (*colours, white)
    near = all(
        abs(one - other) <= _NEAR_PLACE
        for place, known in zip(places, SRGB_PRIMARIES, strict=True)
        for one, other in zip(place, known, strict=True)
    )
    return SRGB_PRIMARIES if near else places
