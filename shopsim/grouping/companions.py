"""Says which extractors are fused with which, and gets their features for the same photos."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from shopsim.base.registry import Value
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.added import aligned
from shopsim.grouping.fit import OWN_VECTORS, features_of

_LIGHT = ("color_shape", "image_signature")


def companions_of(extractor: str) -> tuple[str, ...]:
    """Returns extractors that see something else than this one and need only the photos; none for own vectors."""
    if extractor == OWN_VECTORS:
        return ()
    return tuple(name for name in _LIGHT if name != extractor)[:1]


def companion_features(
    catalog: Catalog,
    features: Features,
    cache: Path,
    names: tuple[str, ...],
    progress: Progress = silent,
    settings: Mapping[str, Mapping[str, Value]] | None = None,
    run: Run = here,
) -> dict[str, Features]:
    """Returns features of other extractors by name, for exactly the photos of `features` and in their order.

    settings: of the extractors that need any, by name; run: carries out the extraction.
    A photo that another extractor cannot read gets a row of zeros, so that only the other extractors count for it.
    """
    kept = catalog.subset(features.image_ids)
    given = settings or {}
    return {
        name: aligned(features_of(kept, name, given.get(name, {}), cache, progress, run), features.image_ids)
        for name in names
    }


def views_of(main: str, features: Features, added: Mapping[str, Features]) -> dict[str, np.ndarray]:
    """Returns (n, d) float32 unit rows by extractor, the main one first.

    Raises ValueError if the added features are not of the same photos in the same order.
    """
    for name, other in added.items():
        if other.image_ids != features.image_ids:
            raise ValueError(f"The features of '{name}' are not of the photos of '{main}', in their order.")
    return {main: features.vectors, **{name: other.vectors for name, other in added.items()}}
