"""Prints how long the spaces that learn take to fit, on made-up features as many as the task's training photos.

    python tests/benchmarks/bench_learned_spaces.py [--photos N] [--models M]

Features are a random centre for each model and noise of half its length in few directions, more or less as a network's.
"""

from __future__ import annotations

import argparse
import resource
import time

import numpy as np

from shopsim.base.rows import unit_rows
from shopsim.spaces import spaces
from shopsim.tuning.candidates import metric_candidates

N_FEATURES = 1280
MIB = 1024


def made_up(n_images: int, n_models: int) -> tuple[np.ndarray, np.ndarray]:
    """(n, N_FEATURES) float32 unit rows, and the model of each."""
    rng = np.random.default_rng(0)
    models = rng.integers(0, n_models, n_images)
    directions = rng.normal(size=(200, N_FEATURES)).astype(np.float32)
    centres = rng.normal(size=(n_models, 200)).astype(np.float32)
    inner = centres[models] + 0.5 * rng.normal(size=(n_images, 200)).astype(np.float32)
    noise = rng.normal(size=(n_images, N_FEATURES)).astype(np.float32)
    return unit_rows(inner @ directions + 3 * noise), models


def main() -> None:
    """Each of the learned spaces as Auto has them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--photos", type=int, default=10_522)
    parser.add_argument("--models", type=int, default=141)
    given = parser.parse_args()
    vectors, models = made_up(given.photos, given.models)
    recipes = {candidate.recipe.space_digest: candidate.recipe for candidate in metric_candidates()}
    for recipe in recipes.values():
        if spaces.entry(recipe.space).learns:
            begun = time.perf_counter()
            fitted = spaces.create(recipe.space, **recipe.space_settings).fit(vectors, models)
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB
            seconds = time.perf_counter() - begun
            print(f"{recipe.space} {recipe.space_settings}: {seconds:.1f} s, peak memory {peak:,} MiB; {fitted.note}")


if __name__ == "__main__":
    main()
