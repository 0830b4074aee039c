"""NumPy's `.npy` form, read from bytes that anybody may have made or damaged."""

from __future__ import annotations

import io
import math

import numpy as np
from numpy.lib.format import MAGIC_PREFIX

# NumPy's headers are multiples of 64 bytes; one of an array of numbers has 128.
_MOST_HEADER = 16_384
_READERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
    # As 2.0, with field names that are not Latin-1.
    (3, 0): np.lib.format.read_array_header_2_0,
}


class NotAnArray(ValueError):
    """What is wrong with the bytes, as part of a sentence."""


def npy_parts(array: np.ndarray) -> tuple[bytes, np.ndarray]:
    """The header, and the numbers as (n_bytes,) uint8. Raises ValueError for Python objects."""
    if array.dtype.hasobject:
        raise ValueError("Object arrays cannot be stored.")
    # Which would make a single number a list of one.
    array = np.ascontiguousarray(array).reshape(array.shape)
    header = io.BytesIO()
    np.lib.format.write_array_header_1_0(header, np.lib.format.header_data_from_array_1_0(array))
    return header.getvalue(), np.frombuffer(array.data.cast("B") if array.size else b"", np.uint8)


def array_in(data: np.ndarray) -> np.ndarray:
    """The array in (n_bytes,) uint8, as a view of them; bytes after it are ignored, as NumPy does.

    Nothing is copied and no object is made from the bytes. Raises NotAnArray.
    """
    return _viewed(data)[0]


def arrays_in(data: np.ndarray) -> list[np.ndarray]:
    """The arrays that stand one after the other in (n_bytes,) uint8, as views. Raises NotAnArray."""
    found = []
    while len(data):
        array, end = _viewed(data)
        found.append(array)
        data = data[end:]
    return found


def _viewed(data: np.ndarray) -> tuple[np.ndarray, int]:
    """The array at the start of (n_bytes,) uint8, and where it ends."""
    try:
        return _parsed(data)
    except NotAnArray:
        raise
    except Exception as error:
        # NumPy has Python parse the header: ValueError, TypeError, SyntaxError, tokenize.TokenError, EOFError,
        # RecursionError, MemoryError, OverflowError and UnicodeDecodeError were seen, and a new version may add some.
        # Their texts speak of the parser, with places in memory.
        raise NotAnArray(_what_is_wrong(data[: len(MAGIC_PREFIX)].tobytes(), error)) from None


def _what_is_wrong(start: bytes, error: Exception) -> str:
    if not len(start):
        return "the file is empty"
    if start != MAGIC_PREFIX[: len(start)]:
        return "it does not begin as a .npy file does"
    return "the file ends within its header" if str(error).startswith("EOF: reading") else "its header is damaged"


def _parsed(data: np.ndarray) -> tuple[np.ndarray, int]:
    file = io.BytesIO(data[:_MOST_HEADER].tobytes())
    version = np.lib.format.read_magic(file)
    if version not in _READERS:
        raise NotAnArray(f"its version {version} is unknown")
    shape, is_fortran, dtype = _READERS[version](file)
    if dtype.hasobject or not dtype.itemsize:
        raise NotAnArray(f"it holds {dtype}, not numbers")
    n_bytes, held = math.prod(shape) * dtype.itemsize, len(data) - file.tell()
    if min(shape, default=0) < 0 or n_bytes > held:
        raise NotAnArray(f"its header says {dtype} of shape {shape}, and {held:,} bytes follow")
    end = file.tell() + n_bytes
    return data[file.tell() : end].view(dtype).reshape(shape, order="F" if is_fortran else "C"), end
