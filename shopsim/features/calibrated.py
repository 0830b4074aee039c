"""Readies extractors that need some photos of the catalogue before they can start: networks in int8."""

from __future__ import annotations

import numpy as np

from shopsim.base.disk.damage import note_damage
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, say
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.decoded import decoded_batches
from shopsim.features.extractors import Extractor
from shopsim.features.networks import int8
from shopsim.features.networks.int8_extractor import Int8Extractor

# 300 photos gained nothing over 100, see docs/experiments.md.
_MOST_PHOTOS = 120
_MOST_COMPARED = 60
_FEWEST = 8


def ready_for(catalog: Catalog, extractor: Extractor, progress: Progress) -> Extractor:
    """Returns the extractor for a catalogue: one in int8 is calibrated with photos of it, unless that is kept.

    What int8 costs is said once. Raises ShopsimError for too few photos, or if the network cannot run in int8.
    """
    if not isinstance(extractor, Int8Extractor):
        return extractor
    images: dict[str, list[CatalogImage]] = {}
    for image in catalog.images:
        images.setdefault(image.digest, []).append(image)
    weights, side = extractor.source.weights, extractor.source.side
    calibrated = int8.kept(weights, side, images)
    if calibrated is None:
        say(progress, "calibrating int8")
        photos = _photos(images, extractor)
        n = len(photos) - min(_MOST_COMPARED, len(photos) // 3)
        others = np.stack(list(photos.values())[n:])
        made = int8.quantize(extractor.model(), dict(list(photos.items())[:n]), others, progress)
        calibrated = int8.keep(made, weights, side)
    note_damage(calibrated.sentence)
    return extractor.with_calibration(calibrated)


def _photos(images: dict[str, list[CatalogImage]], extractor: Extractor) -> dict[str, np.ndarray]:
    """Some readable photos by their digests; digests are random, so those first by digest are a random sample."""
    found: dict[str, np.ndarray] = {}
    for digests, decoded in decoded_batches({digest: images[digest] for digest in sorted(images)}, extractor):
        found |= {digest: got for digest, got in zip(digests, decoded, strict=True) if not isinstance(got, str)}
        if len(found) >= _MOST_PHOTOS + _MOST_COMPARED:
            break
    if len(found) < _FEWEST:
        raise ShopsimError(
            f"int8 is calibrated with photos of the catalogue, which has {len(found)} that can be read; it needs "
            f"{_FEWEST}, so choose another precision."
        )
    return dict(list(found.items())[: _MOST_PHOTOS + _MOST_COMPARED])
