"""Colour profiles written by hand: three primaries and a gamma, grey with a gamma, and a small table for CMYK."""

import struct

import numpy as np

# Columns are the XYZ (D50) of red, green and blue.
P3 = np.array([[0.5151, 0.2920, 0.1571], [0.2412, 0.6922, 0.0666], [-0.0011, 0.0419, 0.7841]])
PROPHOTO = np.array([[0.7977, 0.1352, 0.0313], [0.2880, 0.7119, 0.0001], [0.0, 0.0, 0.8249]])
SRGB = np.array([[0.4361, 0.3851, 0.1431], [0.2225, 0.7169, 0.0606], [0.0139, 0.0971, 0.7141]])
_WHITE = (0.9642, 1.0, 0.8249)


def rgb_profile(primaries, gamma):
    """gamma: a number, or "sRGB" for its own curve."""
    curve = _srgb_curve() if gamma == "sRGB" else _gamma(gamma)
    tags = {b"rXYZ": _xyz(primaries[:, 0]), b"gXYZ": _xyz(primaries[:, 1]), b"bXYZ": _xyz(primaries[:, 2])}
    return _profile(b"RGB ", b"XYZ ", tags | dict.fromkeys((b"rTRC", b"gTRC", b"bTRC"), curve))


def grey_profile(gamma):
    return _profile(b"GRAY", b"XYZ ", {b"kTRC": _gamma(gamma)})


def cmyk_profile():
    """Ink of any kind takes away light, black ink all of it; other corners are greys (Lab with a = b = 0)."""
    corners = [
        ((c, m, y, k), 0 if k else 255 - 60 * (c + m + y))
        for c in (0, 1)
        for m in (0, 1)
        for y in (0, 1)
        for k in (0, 1)
    ]
    grid = b"".join(bytes((light, 128, 128)) for _, light in corners)
    identity = bytes(range(256))
    matrix = struct.pack(">9i", *(65536 * int(row == column) for row in range(3) for column in range(3)))
    table = b"mft1\0\0\0\0" + bytes((4, 3, 2, 0)) + matrix + identity * 4 + grid + identity * 3
    return _profile(b"CMYK", b"Lab ", {b"A2B0": table}, kind=b"prtr")


def _profile(space, connection, tags, kind=b"mntr"):
    tags = {b"desc": b"desc\0\0\0\0" + struct.pack(">I", 5) + b"test\0" + bytes(78), b"wtpt": _xyz(_WHITE)} | tags
    table, body = b"", b""
    start = 128 + 4 + 12 * len(tags)
    for name, data in tags.items():
        table += struct.pack(">4sII", name, start + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    header = struct.pack(
        ">I4sI4s4s4s12x4s28xiii",
        start + len(body),
        b"lcms",
        0x02400000,
        kind,
        space,
        connection,
        b"acsp",
        *(round(65536 * each) for each in _WHITE),
    )
    return header.ljust(128, b"\0") + struct.pack(">I", len(tags)) + table + body


def _xyz(values):
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * float(value)) for value in values))


def _gamma(gamma):
    return b"curv\0\0\0\0" + struct.pack(">IH", 1, round(256 * gamma))


def _srgb_curve():
    x = np.linspace(0, 1, 1024)
    light = np.where(x <= 0.04045, x / 12.92, ((x + 0.055) / 1.055) ** 2.4)
    return b"curv\0\0\0\0" + struct.pack(">I1024H", 1024, *np.round(light * 65535).astype(int))
