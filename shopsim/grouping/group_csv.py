"""The group CSV of a cut, for pages and the command line alike."""

from __future__ import annotations

from collections.abc import Collection

from shopsim.grouping.grouping import Grouping
from shopsim.grouping.groups_csv import groups_csv


def csv_of(grouping: Grouping, rows: Collection[int] | None = None, raw: bool = False) -> bytes:
    """The photos of a cut as `groups_csv` writes them; rows: which of the catalogue's photos, None for all."""
    images, central = grouping.fitted.catalog.images, grouping.representatives
    return groups_csv(
        [image.image_id for image in images],
        [image.model for image in images],
        [image.product for image in images],
        grouping.labels_pred,
        central.similarity,
        [images[row].image_id for row in central.index],
        raw=raw,
        rows=rows,
    )
