"""Says which extractors are fused with which, and gets their features for the same photos."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from shopsim.base.registry import Value
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.networks.weights import why_unavailable
from shopsim.grouping.added import aligned
from shopsim.grouping.fit import OWN_VECTORS, features_of

SECOND_NETWORK = {"efficientnet_lite0": "mobilenet_v2", "mobilenet_v2": "efficientnet_lite0"}
"""From a network to the one whose similarities it is averaged with: two networks make different mistakes."""
_LIGHT = ("color_shape", "image_signature")


def companions_of(extractor: str) -> tuple[str, ...]:
    """Returns extractors that see something else than this one; none for own vectors.

    The second network comes first, if it can start on this machine. The light companion needs only the photos.
    """
    if extractor == OWN_VECTORS:
        return ()
    second = SECOND_NETWORK.get(extractor)
    networks = (second,) if second is not None and why_unavailable(second) is None else ()
    return (*networks, *[name for name in _LIGHT if name != extractor][:1])


def light_companion_of(extractor: str) -> str:
    """Returns the companion that needs only the photos. Raises ValueError for own vectors, which have none."""
    if extractor == OWN_VECTORS:
        raise ValueError("Own vectors have no companion.")
    return companions_of(extractor)[-1]


def networks_among(companions: Sequence[str]) -> tuple[str, ...]:
    """Returns those companions that are second networks, in their order."""
    return tuple(name for name in companions if name in SECOND_NETWORK)


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
    found = {}
    for name in names:
        say(progress, f"extracting features with {name}")
        found[name] = aligned(features_of(kept, name, given.get(name, {}), cache, progress, run), features.image_ids)
    return found


def views_of(main: str, features: Features, added: Mapping[str, Features]) -> dict[str, np.ndarray]:
    """Returns (n, d) float32 unit rows by extractor, the main one first.

    Raises ValueError if the added features are not of the same photos in the same order.
    """
    for name, other in added.items():
        if other.image_ids != features.image_ids:
            raise ValueError(f"The features of '{name}' are not of the photos of '{main}', in their order.")
    return {main: np.asarray(features.vectors), **{name: np.asarray(other.vectors) for name, other in added.items()}}
