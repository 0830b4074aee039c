"""Chooses the setting that a labelled catalogue opens with, from the features that are at hand."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.grouping.companions import companion_features, companions_of, views_of
from shopsim.grouping.fit import n_missing
from shopsim.tuning.quick_check import QuickCheck, quick_check


def has_labels(catalog: Catalog) -> bool:
    """Whether any photo has a true model, so that settings can be checked."""
    return catalog.labels_true is not None and bool((catalog.labels_true != UNLABELLED).any())


def check_opening(
    catalog: Catalog, features: Features, extractor: str, cache: Path, progress: Progress = silent
) -> QuickCheck:
    """Returns the quick check of the photos that have features.

    Other extractors take part only if their features of all these photos are in the cache, since a page waits for it.
    catalog: labelled. extractor: the name of the one that gave `features`.
    """
    kept = features.of(catalog.image_ids)
    catalog = catalog.subset(kept.image_ids)
    names = tuple(name for name in companions_of(extractor) if _is_at_hand(catalog, name, cache))
    views = views_of(extractor, kept, companion_features(catalog, kept, cache, names))
    labels = catalog.labels_true
    if labels is None:  # No labelled photo has features, or the labels of all of them contradict each other.
        labels = np.full(len(catalog.images), UNLABELLED)
    return quick_check(views, labels, store=Store(cache), progress=progress)


def _is_at_hand(catalog: Catalog, name: str, cache: Path) -> bool:
    try:
        return n_missing(catalog, name, {}, cache) == 0
    except ShopsimError:
        return False  # It cannot start here.
