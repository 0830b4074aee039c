"""Why a file cannot be read as a photo, in a person's words."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import UnidentifiedImageError

from shopsim import ShopsimError

# What Pillow's decoders were seen to raise on damaged files.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    AttributeError,
    ArithmeticError,
    NotImplementedError,
    MemoryError,
    struct.error,
    zlib.error,
)


def unreadable(path: Path, reason: str) -> ShopsimError:
    """The error that says so of this file."""
    return ShopsimError(f"Cannot read '{path.name}' as an image: {reason}.")


def looks_like(start: bytes) -> str:
    """What the first bytes of a file that is no supported image look like."""
    text = start.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if text.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    if text.startswith((b"<svg", b"<?xml")):
        return "SVG or XML"
    if start[4:8] == b"ftyp":
        return "HEIC, AVIF or a video"
    if start.startswith(b"%PDF"):
        return "a PDF"
    return "something else"


def why(error: BaseException) -> str:
    """Why a file could not be read, in a person's words."""
    if isinstance(error, FileNotFoundError):
        return "the file is gone"
    if isinstance(error, PermissionError):
        return "this program has no permission to read it"
    if isinstance(error, OSError) and error.errno is not None:
        return f"the disk answered '{error.strerror}'"
    if isinstance(error, MemoryError):
        return "it does not fit in memory"
    if isinstance(error, UnidentifiedImageError):
        return "the file is truncated, damaged or of a rare variant of its format"
    if isinstance(error, EOFError) or "truncated" in str(error).lower():
        return "the file is truncated"
    return "the file is truncated or damaged"
