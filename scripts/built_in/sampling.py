"""Parts of a labelled catalogue with fewer models and fewer photos per model."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

WHOLE = "all"
CAPS = (2, 3, 5, 10, 20, 40)
SHARES = (1.0, 0.5, 0.25)
Size = Callable[[np.random.Generator], float]
SIZES: dict[str, Size] = {
    "zipf": lambda rng: min(rng.zipf(1.6), 60),
    "geometric": lambda rng: rng.geometric(0.25),
    "log-normal": lambda rng: round(np.exp(rng.normal(1.5, 1.1))),
    "half alone": lambda rng: 1 if rng.random() < 0.6 else rng.integers(2, 12),
    "mostly alone": lambda rng: 1 if rng.random() < 0.85 else rng.integers(2, 6),
}
"""Photos per model, drawn for each model."""
FEWEST_PHOTOS = 8


def parts_of(labels_true: np.ndarray, rng: np.random.Generator) -> Iterator[tuple[str, np.ndarray]]:
    """Yields names and (k,) int64 rising photos: all, capped numbers of photos per model, drawn numbers, one per model.

    labels_true: (n,) integers from 0.
    """
    photos = [np.flatnonzero(labels_true == model) for model in np.unique(labels_true)]
    largest = max(len(rows) for rows in photos)
    parts = {WHOLE: np.arange(len(labels_true))}
    for share in SHARES:
        for cap in CAPS:
            if cap < 1.6 * largest or cap == CAPS[0]:
                parts[f"{cap} per model, {share:g}"] = _part(photos, share, lambda _, cap=cap: cap, rng)
        if share < 1:
            parts[f"all, {share:g}"] = _part(photos, share, lambda _: np.inf, rng)
    for name, size in SIZES.items():
        for share in (1.0, 0.4):
            parts[f"{name}, {share:g}"] = _part(photos, share, size, rng)
    parts["1 per model"] = _part(photos, 1.0, lambda _: 1, rng)
    yield from ((name, rows) for name, rows in parts.items() if len(rows) >= FEWEST_PHOTOS)


def _part(photos: list[np.ndarray], share: float, size: Size, rng: np.random.Generator) -> np.ndarray:
    n_models = max(min(len(photos), 3), round(share * len(photos)))
    kept = [photos[model] for model in rng.permutation(len(photos))[:n_models]]
    return np.sort(np.concatenate([rng.permutation(rows)[: int(max(min(size(rng), len(rows)), 1))] for rows in kept]))
