"""Lists the image formats that shopsim reads, with their names, suffixes and first bytes."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

# The number of bytes that `format_of` needs; the brands of an AVIF or HEIC lie within them.
START_BYTES = 64

# A real suffix is a dot and some letters and digits, not only digits. "boot v1.2", "photo.20230415" and "a. b" have
# none, and neither has "DSC1.jpg_large", as some sites name their files.
_SUFFIX = re.compile(r"\.(?![0-9]+$)[a-z0-9]{1,10}", re.IGNORECASE)
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


@dataclass(frozen=True)
class Format:
    """Describes a format of photos.

    suffixes: in lower case, the usual one first; pillow: Pillow's name for it; plugin: the module that reads it.
    """

    name: str
    suffixes: tuple[str, ...]
    pillow: str
    plugin: str

    def load_plugin(self) -> None:
        """Makes Pillow know this format only: by itself it would import about forty formats at the first TIFF."""
        if self.plugin != "pi_heif":
            importlib.import_module(f"PIL.{self.plugin}")
            return
        # Imported only at the first HEIC: it takes 15 ms and three large libraries.
        import pi_heif

        # An embedded preview may differ from the photo. Photos are already decoded in parallel.
        pi_heif.register_heif_opener(thumbnails=False, depth_images=False, aux_images=False, decode_threads=1)


JPEG = Format("JPEG", (".jpg", ".jpeg", ".jpe", ".jfif", ".jif", ".jfi", ".mpo"), "JPEG", "JpegImagePlugin")
PNG = Format("PNG", (".png", ".apng"), "PNG", "PngImagePlugin")
WEBP = Format("WebP", (".webp",), "WEBP", "WebPImagePlugin")
BMP = Format("BMP", (".bmp", ".dib"), "BMP", "BmpImagePlugin")
GIF = Format("GIF", (".gif",), "GIF", "GifImagePlugin")
TIFF = Format("TIFF", (".tif", ".tiff"), "TIFF", "TiffImagePlugin")
AVIF = Format("AVIF", (".avif",), "AVIF", "AvifImagePlugin")
HEIC = Format("HEIC", (".heic", ".heif", ".hif"), "HEIF", "pi_heif")

FORMATS = (JPEG, PNG, WEBP, BMP, GIF, TIFF, AVIF, HEIC)
IMAGE_SUFFIXES = frozenset(suffix for each in FORMATS for suffix in each.suffixes)
# "JPEG, PNG, ..., AVIF and HEIC"
FORMAT_NAMES = f"{', '.join(each.name for each in FORMATS[:-1])} and {FORMATS[-1].name}"

_MAGICS = {b"\xff\xd8\xff": JPEG, b"\x89PNG": PNG, b"GIF8": GIF}


def has_no_suffix(name: str) -> bool:
    """Says whether a file's name has no suffix, so that only the content shows the format."""
    return not _SUFFIX.fullmatch(PurePosixPath(name).suffix)


def format_of(start: bytes) -> Format | None:
    """Returns the format of a file by its first START_BYTES, None if it is not one of FORMATS."""
    if start.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if start.startswith(b"RIFF"):
        return WEBP if start[8:12] == b"WEBP" else None
    if start[4:8] == b"ftyp":
        return _by_brand(start)
    # By two letters alone, many texts would count as BMP.
    if start.startswith(b"BM"):
        return BMP if int.from_bytes(start[14:18], "little") in _BMP_HEADERS else None
    return next((found for magic, found in _MAGICS.items() if start.startswith(magic)), None)


def looks_like(start: bytes) -> str:
    """Says what kind of content the first bytes of an unsupported file look like."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if text.startswith((b"<svg", b"<?xml")):
        return "SVG or XML"
    if start[4:8] == b"ftyp":
        return "a video"
    if start.startswith(b"%PDF"):
        return "a PDF"
    before = start.find(b"\xff\xd8\xff")
    return "something else" if before < 0 else f"{before} bytes of something else before a JPEG"


def _by_brand(start: bytes) -> Format | None:
    """Returns AVIF or HEIC by the first brand, or by the others if the first one only means "some image"."""
    size = min(int.from_bytes(start[:4], "big"), len(start))
    brands = [start[8:12], *(start[at : at + 4] for at in range(16, size - 3, 4))]
    if brands[0] not in _AVIF_BRANDS | _HEIC_BRANDS:
        return None
    return AVIF if _AVIF_BRANDS & set(brands if brands[0] in (b"mif1", b"msf1") else brands[:1]) else HEIC
