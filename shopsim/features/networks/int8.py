"""A network in int8: calibrated with photos, compared with float32 on other photos, and kept in the cache."""

from __future__ import annotations

import io
import logging
from collections.abc import Collection
from contextlib import redirect_stdout
from dataclasses import dataclass, replace
from types import ModuleType
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.rows import unit_rows
from shopsim.base.work.progress import Progress, look
from shopsim.features.networks import converted
from shopsim.features.networks.openvino_engine import OpenVinoNetwork, import_openvino, model_in
from shopsim.features.networks.precision import FLOAT32, INT8

if TYPE_CHECKING:
    import openvino

# A calibration fits a catalogue that has so large a share of its photos, so a new photo changes no other row.
_SHARE_STILL_THERE = 0.5


@dataclass(frozen=True, eq=False)
class Calibrated:
    """A network in int8.

    digests: of the photos it was calibrated with. n_compared: on how many others its rows were compared with those of
    float32; mean, least: the cosines.
    """

    model: openvino.Model
    digests: tuple[str, ...]
    n_compared: int
    mean: float
    least: float

    @property
    def digest(self) -> str:
        """16 hex digits of the photos it was calibrated with, and of the OpenVINO that ran them."""
        # Another version rounds other layers in another way, so its rows must not be mixed with these.
        return digest_of(converted.openvino_version(), *self.digests)[:16]

    @property
    def sentence(self) -> str:
        """What int8 costs."""
        return (
            f"int8 was calibrated with {len(self.digests):,} photos. On {self.n_compared:,} other photos, the cosine "
            f"between its rows and those of float32 is {self.mean:.4f} on average and {self.least:.4f} at least."
        )


def quantize(
    model: openvino.Model, photos: dict[str, np.ndarray], others: np.ndarray, progress: Progress
) -> Calibrated:
    """Calibrates a float32 network that takes one photo per step.

    photos: (side, side, 3) uint8 by digest, to calibrate with; others: (n, side, side, 3), to compare on.
    Raises ShopsimError if NNCF cannot be imported.
    """
    nncf = _import_nncf()
    exact = OpenVinoNetwork(model, FLOAT32)(others)

    def step(photo: np.ndarray) -> np.ndarray:
        look(progress)
        return photo[None]

    # It draws progress bars, which are no part of a command's output.
    with redirect_stdout(io.StringIO()):
        quantized = nncf.quantize(model, nncf.Dataset(list(photos.values()), step), subset_size=len(photos))
    cosines = (unit_rows(exact) * unit_rows(OpenVinoNetwork(quantized, FLOAT32)(others))).sum(axis=1)
    return Calibrated(quantized, tuple(photos), len(others), float(cosines.mean()), float(cosines.min()))


def keep(calibrated: Calibrated, weights: str, side: int) -> Calibrated:
    """Keeps the network and what is known of its calibration; returns it as it will be loaded."""
    cost = np.array([side, calibrated.n_compared, calibrated.mean, calibrated.least])
    more = [np.array(calibrated.digests), cost]
    model = converted.keep(calibrated.model, weights, INT8, side, calibrated.digest, more=more)
    return replace(calibrated, model=model)


def kept(weights: str, side: int, digests: Collection[str]) -> Calibrated | None:
    """Returns the kept network whose calibration has most photos in common with a catalogue; None if none has half.

    digests: of the catalogue's photos.
    """
    here, best, most = set(digests), None, _SHARE_STILL_THERE
    for graph, constants, names, cost in converted.kept_arrays(weights, INT8):
        known = tuple(map(str, names))
        share = len(here.intersection(known)) / len(known)
        if cost[0] == side and share >= most:
            best, most = (graph, constants, known, cost), share
    if best is None:
        return None
    graph, constants, known, cost = best
    try:
        model = model_in(graph.tobytes(), constants)
    except RuntimeError:
        return None  # It is calibrated again, which writes the same file anew.
    return Calibrated(model, known, int(cost[1]), float(cost[2]), float(cost[3]))


def _import_nncf() -> ModuleType:
    import_openvino()
    try:
        import nncf
    except ImportError as error:
        raise ShopsimError(
            f"{INT8} needs NNCF, which cannot be imported ({error}); type: pip install -r requirements.txt"
        ) from error
    logging.getLogger("nncf").setLevel(logging.ERROR)
    return nncf
