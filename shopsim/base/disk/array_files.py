"""Arrays in `.npy` files that a person keeps, named or sent: one that cannot be read is a sentence."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from shopsim.base.disk.npy import NotAnArray, array_in
from shopsim.base.disk.sealed import is_sealed, without_seal
from shopsim.base.errors import ShopsimError


def read_array(path: Path) -> np.ndarray:
    """The array, in memory. Raises ShopsimError if there is none, or it is not as this program wrote it."""
    try:
        data = np.fromfile(path, np.uint8)
    except (OSError, MemoryError) as error:
        raise _unreadable(path, _reason(error)) from None
    # One that was made elsewhere has no seal.
    if is_sealed(data):
        content = without_seal(data, path.name)
        if content is None:
            raise _unreadable(path, "it was damaged on the disk, since its checksum is wrong")
        data = content
    return _array(path, data)


def map_array(path: Path) -> np.ndarray:
    """The array, read from the disk as it is needed, and not to be changed. Raises ShopsimError if there is none."""
    try:
        # NumPy cannot map an empty file.
        data = np.asarray(np.memmap(path, np.uint8, "r")) if path.stat().st_size else np.empty(0, np.uint8)
    except (OSError, ValueError) as error:
        raise _unreadable(path, _reason(error)) from None
    return _array(path, data)


def _array(path: Path, data: np.ndarray) -> np.ndarray:
    try:
        return array_in(data)
    except NotAnArray as error:
        raise _unreadable(path, str(error)) from None


def _unreadable(path: Path, reason: str) -> ShopsimError:
    return ShopsimError(f"Cannot read '{path.name}' as a NumPy array of numbers: {reason}.")


def _reason(error: Exception) -> str:
    return getattr(error, "strerror", None) or str(error) or type(error).__name__
