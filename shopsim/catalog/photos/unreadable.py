"""Says in plain words why a file cannot be read as a photo."""

from __future__ import annotations

import struct
import zlib
from pathlib import Path

from PIL import UnidentifiedImageError

from shopsim.base.errors import ShopsimError

# The errors that Pillow's decoders were seen to raise on damaged files.
DECODER_ERRORS = (
    OSError,
    SyntaxError,
    ValueError,
    TypeError,
    LookupError,
    EOFError,
    AttributeError,
    ArithmeticError,
    RuntimeError,
    MemoryError,
    struct.error,
    zlib.error,
)


# A photo with a smaller part is left out: an extractor would see the missing area as a colour of the product.
LEAST_PART = 0.95
END_MISSING = "the end of the file is missing"


class RefusedPhotoError(OSError):
    """A photo must not be read; the text says why.

    passes: whether it may be read another time, when more memory is free.
    """

    def __init__(self, reason: str, passes: bool = False) -> None:
        super().__init__(reason)
        self.passes = passes


def missing_note(part: float) -> str:
    """Writes the note for a photo of which this part, from 0 to 1, is there.

    Raises RefusedPhotoError if it is too little.
    """
    if part < LEAST_PART:
        raise RefusedPhotoError(
            f"the file is truncated or damaged, and only {int(100 * part)} % of the picture is there"
        )
    return END_MISSING if part == 1 else f"{100 * (1 - part):.2f} % of the picture is missing"


def unreadable(path: Path, reason: str) -> ShopsimError:
    """Makes the error with this file's name and the reason."""
    return ShopsimError(f"Cannot read '{path.name}' as an image: {reason}.")


def why(error: BaseException) -> str:
    """Says in plain words why a file could not be read."""
    if isinstance(error, RefusedPhotoError):
        return str(error)
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
