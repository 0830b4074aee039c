"""Rows to group: random ones around a few centres, and rows at known angles."""

import numpy as np


def clustered_rows(n_rows, n_features=16, n_centres=6, seed=0):
    """(n_rows, n_features) float32 unit rows around random centres, no two alike."""
    rng = np.random.default_rng(seed)
    centres = rng.standard_normal((n_centres, n_features))
    rows = centres[rng.integers(n_centres, size=n_rows)] + 0.7 * rng.standard_normal((n_rows, n_features))
    return unit(rows)


def at_angles(*degrees):
    """Unit rows in the plane: cosines between them are known by hand."""
    radians = np.deg2rad(degrees)
    return np.stack([np.cos(radians), np.sin(radians)], axis=1).astype(np.float32)


def unit(rows):
    """The rows, each one long, as float32."""
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
