"""Checks a calibration on models that it was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, silent
from shopsim.scoring.calibration.fit import pairs_in
from shopsim.scoring.calibration.quality import CalibrationQuality, held_out_quality
from shopsim.spaces import spaces
from shopsim.spaces.fusion import FusedSpace


def held_out_quality_in(
    parts: Sequence[np.ndarray],
    shares: Sequence[float],
    labels_true: np.ndarray,
    space: str,
    settings: Mapping[str, Value],
    progress: Progress = silent,
) -> CalibrationQuality:
    """`held_out_quality` of pairs by their similarity in the space of that name, which is fitted anew in every fold.

    parts: (n, d) float32 unit rows by each extractor, and its share of the similarity.
    """
    widths = tuple(part.shape[1] for part in parts)
    together = FusedSpace(spaces.create(space, **settings), widths, tuple(shares))
    return held_out_quality(np.concatenate(parts, axis=1), labels_true, pairs_in(together), progress=progress)
