"""The labelled catalogues that built-in settings are made from, with their features."""

from __future__ import annotations

import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache as keep
from pathlib import Path

import numpy as np
from built_in.drawing import draw_again, draw_recoloured, edit_photos
from built_in.measuring import Measured, measure
from built_in.sampling import WHOLE, parts_of

from shopsim.base.disk.unfinished_folder import unfinished_folder
from shopsim.base.labels import UNLABELLED
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.companions import companion_features, light_companion_of
from shopsim.grouping.fit import features_of

MOST_PHOTOS = 1000
"""A part of a catalogue has at most so many photos; only whole given catalogues may be larger."""
DEMO = "demo"


@dataclass(frozen=True)
class Kind:
    """One labelled catalogue. given: photos that someone took, not edited ones; family: all made of these photos."""

    name: str
    family: str
    folder: Path
    given: bool


def kinds_of(folders: list[Path], cache: Path) -> Iterator[Kind]:
    """Yields the given folders, the demo, and what is made of them; drawings are kept in the cache."""
    given = [Kind(folder.name, folder.name, folder, True) for folder in folders]
    given.append(Kind(DEMO, DEMO, demo_catalog_folder(cache), True))
    yield from given
    for seed in (1, 2, 3):
        yield _made(cache, f"demo-shots-{seed}", DEMO, lambda to, seed=seed: draw_again(to, seed))
    yield _made(cache, "demo-colours", DEMO, lambda to: draw_recoloured(to, 90, 7.4, 1.0, 20))
    yield _made(cache, "demo-small-models", DEMO, lambda to: draw_recoloured(to, 140, 4.5, 0.6, 21))
    for kind in given:
        photos = _photos_of(load_catalog(kind.folder))
        for name, n_photos, mean, strong in (("edits", 1, 8, True), ("copies", 1, 6, False), ("series", 3, 3, True)):
            yield _made(
                cache,
                f"{kind.name}-{name}",
                kind.family,
                lambda to, photos=photos, n=n_photos, mean=mean, strong=strong, name=f"{kind.name}-{name}": edit_photos(
                    to, photos, n, lambda rng: min(rng.geometric(1 / mean), 30), strong, zlib.crc32(name.encode())
                ),
            )


def measured_parts(
    kind: Kind, extractor: str, cache: Path, n_parts: int, progress: Callable[[str], None]
) -> Iterator[Measured]:
    """Yields what is measured on the whole catalogue, and on n_parts of it, chosen at random with a fixed seed."""
    features, second, labels_true = labelled(kind, extractor, cache)
    rng = np.random.default_rng(zlib.crc32(kind.name.encode()))
    parts = list(parts_of(labels_true, rng))
    small = [part for part in parts if part[0] != WHOLE and len(part[1]) <= MOST_PHOTOS]
    whole = [part for part in parts if part[0] == WHOLE and (kind.given or len(part[1]) <= MOST_PHOTOS)]
    for name, rows in whole + [small[at] for at in sorted(rng.permutation(len(small))[:n_parts])]:
        progress(f"{kind.name}: {name}, {len(rows):,} photos")
        yield measure(kind.name, kind.family, name, features[rows], second[rows], labels_true[rows])


@keep
def labelled(kind: Kind, extractor: str, cache: Path) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Returns features, the companion's features and true models of the labelled photos."""
    catalog = load_catalog(kind.folder)
    features = features_of(catalog, extractor, {}, cache)
    (second,) = companion_features(catalog, features, cache, (light_companion_of(extractor),)).values()
    labels_true = catalog.subset(features.image_ids).labels_true
    if labels_true is None:
        raise SystemExit(f"'{kind.folder}' has no true models.")
    kept = labels_true != UNLABELLED
    return features.vectors[kept], second.vectors[kept], labels_true[kept]


def _made(cache: Path, name: str, family: str, make: Callable[[Path], None]) -> Kind:
    folder = cache / "built-in" / name
    if not folder.exists():
        with unfinished_folder(folder.parent, 3600.0) as unfinished:
            make(unfinished)
            unfinished.replace(folder)
    return Kind(name, family, folder, given=False)


def _photos_of(catalog: Catalog) -> dict[str, list[Path]]:
    photos = defaultdict(list)
    for image in catalog.images:
        if image.model is not None:
            photos[image.model].append(image.path)
    return photos
