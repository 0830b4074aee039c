"""Keeps networks in the form that OpenVINO runs, so that TensorFlow is needed only once per network.

A kept network is one sealed file in the cache. Its name starts with the digest of the weights and names everything
else that it depends on, so a damaged or half-written file is a miss and is converted again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.disk.damage import remove_damaged
from shopsim.base.disk.sealed import SEALED
from shopsim.base.disk.store import digest_of, load_arrays, save_arrays
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.features.networks.openvino_engine import model_in, packed

if TYPE_CHECKING:
    import openvino

KIND = "converted"
"""The folder of the cache."""
# Raised when the same network is converted in another way.
_FORM = 1


def load(weights: str, precision: str, *about: object) -> openvino.Model | str | None:
    """Returns the kept network, the kept reason why OpenVINO cannot run it, or None if neither is kept.

    weights: the digest of its weights; about: everything else that it depends on.
    """
    path = _path(weights, precision, about)
    arrays = load_arrays(path)
    if not arrays:
        return None
    if len(arrays) == 1:
        return str(arrays[0][0])
    try:
        return model_in(arrays[0].tobytes(), arrays[1])
    except RuntimeError:
        remove_damaged(path)
        return None


def keep(
    model: openvino.Model, weights: str, precision: str, *about: object, more: Sequence[np.ndarray] = ()
) -> openvino.Model:
    """Keeps a network, and more arrays with it, and returns it as it will be loaded, so that its rows are the same.

    A disk that refuses keeps nothing.
    """
    try:
        graph, constants = packed(model)
    except ShopsimError:
        return model
    with suppress(ShopsimError):
        save_arrays(_path(weights, precision, about), [np.frombuffer(graph, np.uint8), constants, *more])
    return model_in(graph, constants)


def keep_reason(reason: str, weights: str, precision: str, *about: object) -> None:
    """Keeps the reason why OpenVINO cannot run a network, so that nobody tries again."""
    with suppress(ShopsimError):
        save_arrays(_path(weights, precision, about), [np.array([reason])])


def kept_arrays(weights: str, precision: str) -> Iterator[list[np.ndarray]]:
    """Gives all that is kept of a network in that precision: graph and weights, and what was kept with them."""
    for path in sorted(_kept(weights, precision)):
        arrays = load_arrays(path)
        if arrays:
            yield arrays


def is_answered(weights: str, precision: str, *about: object) -> bool:
    """Returns whether `load` would find something, unless it is damaged; reads none of it."""
    return _path(weights, precision, about).exists()


def is_kept(weights: str) -> bool:
    """Returns whether anything is kept of a network of these weights for the installed OpenVINO; reads none of it."""
    return any(_kept(weights, "*"))


def _kept(weights: str, precision: str) -> Iterator[Path]:
    return (cache_dir() / KIND).glob(f"{weights}-{openvino_version()}-{precision}-*{SEALED}.npy")


def _path(weights: str, precision: str, about: tuple[object, ...]) -> Path:
    return cache_dir() / KIND / f"{weights}-{openvino_version()}-{precision}-{digest_of(_FORM, *about)}{SEALED}.npy"


def openvino_version() -> str:
    """Returns the version of the installed OpenVINO, 'none' where there is none."""
    try:
        return version("openvino")
    except PackageNotFoundError:
        return "none"
