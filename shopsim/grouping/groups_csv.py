"""The groups as a CSV file that Excel, people and programs read."""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence

import numpy as np

from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.grouping.grouping import Grouping

COLUMNS = ("image_id", "model", "product", "group", "group_size", "similarity", "representative")


def csv_of(
    grouping: Grouping,
    rows: Collection[int] | None = None,
    raw: bool = False,
    groups: np.ndarray | None = None,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """Returns the photos of a cut as `groups_csv` writes them; rows: which of the catalogue's photos, None for all.

    groups: (n,) other numbers of the same groups, None for those of the cut.
    """
    images, central = grouping.fitted.catalog.images, grouping.representatives
    return groups_csv(
        [image.image_id for image in images],
        [image.model for image in images],
        [image.product for image in images],
        grouping.labels_pred if groups is None else groups,
        central.similarity,
        [images[row].image_id for row in central.index],
        raw=raw,
        rows=rows,
        about=about,
    )


def groups_csv(
    image_ids: Sequence[str],
    models: Sequence[str | None],
    products: Sequence[str | None],
    labels_pred: np.ndarray,
    similarity: np.ndarray,
    representative_ids: Sequence[str],
    raw: bool = False,
    rows: Collection[int] | None = None,
    about: Mapping[str, str] | None = None,
) -> bytes:
    """Returns one row per photo, by image_id, in UTF-8 with byte order mark; the same photos give the same bytes.

    All arguments have one entry per photo; a model or product that is None is an empty cell.
    labels_pred: (n,) integers. similarity: (n,) cosine of each photo to its group's representative, written with
    6 decimals. representative_ids: the image_id of each photo's representative.
    raw: leave text cells that a spreadsheet would run as formulas unguarded, for machines.
    rows: write only the photos at these places; group_size still counts all of them. None writes every photo.
    about: further columns with the same text in each row, such as the catalogue and the date.

    Raises ValueError if the lengths differ or a similarity is not finite.
    """
    said = about or {}
    groups, inverse, counts = np.unique(labels_pred, return_inverse=True, return_counts=True)
    photos = zip(
        image_ids, models, products, groups[inverse], counts[inverse], similarity, representative_ids, strict=True
    )
    kept = photos if rows is None else (photo for place, photo in enumerate(photos) if place in rows)
    lines = (
        (image_id, model, product, group, size, _six_decimals(float(cosine)), representative, *said.values())
        for image_id, model, product, group, size, cosine, representative in sorted(kept, key=lambda photo: photo[0])
    )
    return csv_bytes([*COLUMNS, *said], lines, raw)


def _six_decimals(value: float) -> Digits:
    """Writes the number with 6 decimals, and never a negative zero."""
    if not math.isfinite(value):
        raise ValueError(f"A similarity is {value}; it must be finite.")
    text = f"{value:.6f}"
    return Digits("0.000000" if text == "-0.000000" else text)
