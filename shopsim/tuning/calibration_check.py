"""Checks a calibration on models that it was not fitted on."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, silent
from shopsim.scoring.calibration.fit import pairs_in
from shopsim.scoring.calibration.quality import CalibrationQuality, held_out_quality
from shopsim.spaces import spaces


def held_out_quality_in(
    vectors: np.ndarray,
    labels_true: np.ndarray,
    space: str,
    settings: Mapping[str, Value],
    progress: Progress = silent,
) -> CalibrationQuality:
    """`held_out_quality` of pairs by their similarity in the space of that name, which is fitted anew in every fold."""
    return held_out_quality(vectors, labels_true, pairs_in(spaces.create(space, **settings)), progress=progress)
