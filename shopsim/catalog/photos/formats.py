"""The image formats that shopsim reads: their names, the ends of file names, and how their content begins."""

from __future__ import annotations

import importlib
import re
from dataclasses import dataclass
from pathlib import PurePosixPath

# What `format_of` needs to see of a file; the brands of an AVIF or HEIC stand within it.
START_BYTES = 64

# A real suffix: a dot and some letters and digits, not only digits. In "boot v1.2", "photo.20230415" and "a. b" the
# dot begins none, nor in "DSC1.jpg_large", as some sites name what they hand out.
_SUFFIX = re.compile(r"\.(?![0-9]+$)[a-z0-9]{1,10}", re.IGNORECASE)
_BMP_HEADERS = (12, 40, 52, 56, 64, 108, 124)
_HEIC_BRANDS = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1"})
_AVIF_BRANDS = frozenset({b"avif", b"avis"})


@dataclass(frozen=True)
class Format:
    """A format of photos.

    suffixes: in lower case, the usual one first; pillow: what Pillow calls it; plugin: the module that reads it.
    """

    name: str
    suffixes: tuple[str, ...]
    pillow: str
    plugin: str

    def load_plugin(self) -> None:
        """Make Pillow know the format, and only this one: alone it would import some forty at the first TIFF."""
        if self.plugin != "pi_heif":
            importlib.import_module(f"PIL.{self.plugin}")
            return
        # Imported at the first HEIC only: 15 ms and three large libraries.
        import pi_heif

        # An embedded preview may show something else than the photo. Photos are decoded in parallel already.
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
    """Whether a file's name ends in nothing that tells a format, so that only the content can."""
    return not _SUFFIX.fullmatch(PurePosixPath(name).suffix)


def format_of(start: bytes) -> Format | None:
    """The format of a file that begins like this (START_BYTES of it), None if it is none of FORMATS."""
    if start.startswith((b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")):
        return TIFF
    if start.startswith(b"RIFF"):
        return WEBP if start[8:12] == b"WEBP" else None
    if start[4:8] == b"ftyp":
        return _by_brand(start)
    # Two letters alone would take many a text for a BMP.
    if start.startswith(b"BM"):
        return BMP if int.from_bytes(start[14:18], "little") in _BMP_HEADERS else None
    return next((found for magic, found in _MAGICS.items() if start.startswith(magic)), None)


def looks_like(start: bytes) -> str:
    """What the first bytes of a file that is no supported image look like."""
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
    """AVIF or HEIC by the first brand, where that says only "some image" by the others."""
    size = min(int.from_bytes(start[:4], "big"), len(start))
    brands = [start[8:12], *(start[at : at + 4] for at in range(16, size - 3, 4))]
    if brands[0] not in _AVIF_BRANDS | _HEIC_BRANDS:
        return None
    return AVIF if _AVIF_BRANDS & set(brands if brands[0] in (b"mif1", b"msf1") else brands[:1]) else HEIC
