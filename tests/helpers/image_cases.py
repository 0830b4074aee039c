"""A photo whose corners tell what became of it, and PNG files written by hand."""

import struct
import zlib

import numpy as np
from PIL import Image

from shopsim.catalog.photos.formats import HEIC

RED, GREEN, BLUE, WHITE = (200, 30, 30), (30, 160, 40), (30, 40, 190), (255, 255, 255)


def quarters(width=96, height=64):
    """Red, green / blue, white: each corner tells how the photo was turned."""
    pixels = np.empty((height, width, 3), np.uint8)
    pixels[: height // 2, : width // 2], pixels[: height // 2, width // 2 :] = RED, GREEN
    pixels[height // 2 :, : width // 2], pixels[height // 2 :, width // 2 :] = BLUE, WHITE
    return Image.fromarray(pixels)


def corners(pixels):
    height, width = pixels.shape[:2]
    return np.array([pixels[y, x] for y in (height // 4, -height // 4) for x in (width // 4, -width // 4)], int)


def assert_quarters(pixels, tolerance=12):
    assert pixels.dtype == np.uint8
    assert pixels.shape[2] == 3
    np.testing.assert_allclose(corners(pixels), [RED, GREEN, BLUE, WHITE], atol=tolerance)


def saved(path, image, **options):
    """The path, after the image was written to it. HEIC is written by the library that the product does not have."""
    if options.get("format") == "HEIF" or (path.suffix.lower() in HEIC.suffixes and "format" not in options):
        write_heic(path, image, **options)
    else:
        image.save(path, **options)
    return path


def write_heic(target, image, exif=None, **options):
    # Only its writer is registered: photos are read by what the product reads them with.
    from pillow_heif.as_plugin import _save_heif

    Image.register_save("HEIF", _save_heif)
    if exif is not None:
        options["exif"] = exif.tobytes()
    image.save(target, **{**options, "format": "HEIF"})


def png(width, height, rows, depth=8, colour=2):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", width, height, depth, colour, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
