"""Finds the photos of kept runs, and puts two runs side by side as groupings of the same photos."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from shopsim.base.labels import by_first_appearance
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.grouping.runs.changes import RunChanges
from shopsim.grouping.runs.record import Run
from shopsim.ui.page import Opened
from shopsim.ui.parts.model_change import TwoGroupings


def images_of(run: Run, rows: Iterable[int], opened: Opened) -> list[CatalogImage]:
    """Returns the photos of a run: those of the open catalogue by their bytes, others where the run had them."""
    here = {image.digest: image for image in opened.catalog.images}
    folder = Path(run.about.settings.folder)
    photos = run.photos
    return [
        here.get(photos.digests[row])
        or CatalogImage(photos.image_ids[row], folder / photos.image_ids[row], photos.digests[row], photos.models[row])
        for row in rows
    ]


def two_groupings(before: Run, after: Run, found: RunChanges, opened: Opened) -> TwoGroupings | None:
    """Returns the photos of both runs in both groupings; None if the later run knows no true model of them."""
    rows = found.photos.after
    images = images_of(after, rows.tolist(), opened)
    catalog = Catalog(after.about.catalog, Path(), "", "", tuple(images), model_names=opened.catalog.model_names)
    if catalog.labels_true is None:
        return None
    return TwoGroupings(
        catalog,
        images,
        catalog.labels_true,
        (by_first_appearance(before.groups[found.photos.before]), by_first_appearance(after.groups[rows])),
        ("Earlier run", "Later run"),
        ("in the earlier run", "in the later run"),
    )
