"""A calibration with known knots, and rows that scatter around a centre a model."""

import numpy as np
from vectors import unit

from shopsim.scoring.calibration.calibration import Calibration

KNOWN = Calibration((-1.0, 0.2, 0.6, 1.0), (-9.0, -4.0, 0.5, 5.0), 0.1, 7.0)


def rows_and_models(n_rows=90, n_models=9, noise=0.5, seed=0):
    """Rows around a centre a model, and the models."""
    rng = np.random.default_rng(seed)
    models = np.arange(n_rows) % n_models
    centres = rng.standard_normal((n_models, 12))
    return unit(centres[models] + noise * rng.standard_normal((n_rows, 12))), models
