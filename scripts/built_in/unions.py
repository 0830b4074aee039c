"""Catalogues of several kinds of products: their photos agree about the kinds, which are not the models."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import numpy as np
from built_in.catalogues import Kind, labelled
from built_in.measuring import FAMILIES, UNION, Measured, measure
from built_in.sampling import parts_of

MOST_PHOTOS_OF_A_KIND = 320


def measured_unions(
    kinds: Sequence[Kind], extractor: str, cache: Path, n_unions: int, progress: Callable[[str], None]
) -> Iterator[Measured]:
    """Yields what is measured on parts of two or three kinds together; the kinds are of different families."""
    rng = np.random.default_rng(n_unions)
    families = sorted({kind.family for kind in kinds})
    for _ in range(n_unions):
        chosen = [families[at] for at in sorted(rng.permutation(len(families))[: rng.integers(2, 4)])]
        of_each = [[kind for kind in kinds if kind.family == family] for family in chosen]
        members = [some[rng.integers(len(some))] for some in of_each]
        progress(f"{UNION}: {', '.join(kind.name for kind in members)}")
        yield _measured(members, extractor, cache, rng)


def _measured(members: Sequence[Kind], extractor: str, cache: Path, rng: np.random.Generator) -> Measured:
    """Measures parts of these kinds together; where it is possible, the parts have the same photos per model."""
    vectors, others, models, wanted, n_models = [], [], [], "", 0
    for kind in members:
        features, second, labels_true = labelled(kind, extractor, cache)
        parts = [part for part in parts_of(labels_true, rng) if len(part[1]) <= MOST_PHOTOS_OF_A_KIND]
        alike = [part for part in parts if part[0].partition(",")[0] == wanted] or parts
        name, rows = alike[rng.integers(len(alike))]
        wanted = wanted or name.partition(",")[0]
        vectors.append(features[rows])
        others.append(second[rows])
        models.append(labels_true[rows] + n_models)
        n_models += int(labels_true.max()) + 1
    family = FAMILIES.join(kind.family for kind in members)
    return measure(UNION, family, wanted, np.vstack(vectors), np.vstack(others), np.concatenate(models))
