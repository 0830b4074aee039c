"""Silences libtiff, which prints on stderr about a damaged TIFF; our reader notes or refuses the photo itself."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from pathlib import Path

import PIL

# The places where Pillow's wheels keep their libraries, on Linux and macOS.
_PLACES = ("../pillow.libs/libtiff*.so*", ".dylibs/libtiff*.dylib")


def silence_libtiff() -> bool:
    """Makes the libtiff of this process print nothing from now on, in all threads; returns whether it was found."""
    package = Path(PIL.__file__).parent
    found = [path for place in _PLACES for path in (package / Path(place).parent).glob(Path(place).name)]
    for path in found:
        # Pillow has already loaded this file, so no second copy is loaded.
        with suppress(OSError, AttributeError):
            libtiff = ctypes.CDLL(str(path.resolve()))
            for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
                setter = getattr(libtiff, name)
                setter.argtypes, setter.restype = [ctypes.c_void_p], ctypes.c_void_p
                setter(None)
            return True
    return False
