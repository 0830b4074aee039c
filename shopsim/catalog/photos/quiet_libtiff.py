"""libtiff says nothing on stderr of what it finds in a damaged TIFF; the reader notes or refuses the photo itself."""

from __future__ import annotations

import ctypes
from contextlib import suppress
from pathlib import Path

import PIL

# Where Pillow's wheels keep their libraries, on Linux and macOS.
_PLACES = ("../pillow.libs/libtiff*.so*", ".dylibs/libtiff*.dylib")


def silence_libtiff() -> bool:
    """Have the libtiff of this process print nothing, from now on and in all threads; whether it was found."""
    package = Path(PIL.__file__).parent
    found = [path for place in _PLACES for path in (package / Path(place).parent).glob(Path(place).name)]
    for path in found:
        # Pillow has loaded this file, so that no second one is.
        with suppress(OSError, AttributeError):
            libtiff = ctypes.CDLL(str(path.resolve()))
            for name in ("TIFFSetErrorHandler", "TIFFSetWarningHandler"):
                setter = getattr(libtiff, name)
                setter.argtypes, setter.restype = [ctypes.c_void_p], ctypes.c_void_p
                setter(None)
            return True
    return False
