"""Catalogues of photos that are not on disk, and random actions on them."""

from pathlib import Path

from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.grouping.corrections.action import DIFFERENT, DIVIDE, MOVE, SAME, SPLIT, action


def catalog_of(names, folder="photos", models=None):
    """A catalogue whose photos have their names as digests; 'a' and 'a+' are byte-equal."""
    models = models or [None] * len(names)
    images = (
        CatalogImage(f"{name}.jpg", Path(f"{name}.jpg"), name.rstrip("+"), model)
        for name, model in zip(names, models, strict=True)
    )
    return Catalog(folder, Path(folder), "plain", "", tuple(images))


def random_action(rng, keys):
    """Any action that binds, on a few of the keys."""
    kind = rng.choice([SAME, DIFFERENT, MOVE, SPLIT, DIVIDE])
    n_parts = {SAME: 2, DIFFERENT: 2, MOVE: 3, SPLIT: 2, DIVIDE: 3}[kind]
    sizes = rng.integers(1, 3, n_parts)
    photos = rng.permutation(keys)[: sizes.sum()].tolist()
    parts = [photos[sum(sizes[:place]) : sum(sizes[: place + 1])] for place in range(n_parts)]
    return action(str(kind), parts)
