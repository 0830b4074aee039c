"""Groups all photos from scratch, those added included, to show what that would change."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.difference import Difference, difference
from shopsim.grouping.matching.matched import Together
from shopsim.grouping.matching.source import Source


@dataclass(frozen=True, eq=False)
class Regrouped:
    """All photos in groups made from scratch.

    catalog: all photos. before: (n,) int64 groups that they had; after: (n,) int64 groups now. value: of the control.
    """

    catalog: Catalog
    before: np.ndarray
    after: np.ndarray
    value: float
    difference: Difference


def regroup(
    grouping: Grouping,
    source: Source,
    together: Together,
    store: Store,
    progress: Progress = silent,
    run: Run = here,
) -> Regrouped:
    """Fits space and clustering to all photos and cuts where the groups were cut.

    Of a number of groups, the number grows with the photos. The space is fitted anew too, so the same threshold may
    mean a little more or less. Raises ShopsimError as `fit` does, and for a catalogue that brings its own vectors.
    """
    if grouping.fitted.catalog.vectors_path is not None:
        raise ShopsimError("This catalogue brings its own vectors, so new photos cannot be grouped together with it.")
    images = tuple(sorted(together.images, key=lambda image: image.image_id))
    catalog = replace(grouping.fitted.catalog, images=images, problems=())
    group_of = dict(
        zip((image.image_id for image in together.images), together.members.labels_pred.tolist(), strict=True)
    )
    fitted = source.fit_again(catalog, store, progress, run)
    value = _carried_over(grouping, len(fitted.catalog.images))
    after = fitted.group(value, strict=grouping.strict, progress=progress, run=run).labels_pred
    before = np.array([group_of[image_id] for image_id in fitted.catalog.image_ids], np.int64)
    return Regrouped(fitted.catalog, before, after, value, difference(before, after))


def _carried_over(grouping: Grouping, n_images: int) -> float:
    if grouping.fitted.control.kind != "count":
        return grouping.value
    return max(1, round(grouping.value * n_images / len(grouping.labels_pred)))
