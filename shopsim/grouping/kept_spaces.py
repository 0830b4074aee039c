"""Fitted spaces in the store, so that a new photo lands where it would have if it had been there from the start."""

from __future__ import annotations

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.spaces import FittedSpace, Space

KIND = "spaces"


def keep_space(store: Store, key: str, space: FittedSpace) -> None:
    """Keeps the fitted numbers of a space; a space without numbers is kept as an empty list of names."""
    arrays = space.arrays()
    for name, array in arrays.items():
        store.save(KIND, f"{key}-{name}", array)
    # The list comes last, so that a list that is there means that the arrays are there.
    store.save(KIND, key, np.array(sorted(arrays), dtype=np.str_))


def kept_space(store: Store, key: str, unfitted: Space) -> FittedSpace | None:
    """Returns the space that `keep_space` kept under that key, or None. unfitted: the space with the same settings."""
    names = store.load(KIND, key)
    if names is None or names.ndim != 1 or names.dtype.kind != "U":
        return None
    arrays = {str(name): store.load(KIND, f"{key}-{name}") for name in names}
    if any(array is None for array in arrays.values()):
        return None
    try:
        return unfitted.restore(arrays)
    except ShopsimError:
        return None  # An entry that does not fit the space is a miss and is written again.
