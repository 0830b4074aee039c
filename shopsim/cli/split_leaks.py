"""The near-duplicates across parts of a split, for `review`: fields, lines and a file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.grouping.grouping import Fitted
from shopsim.review.split_leaks import NEAR, has_parts, leak_fields, leaks_after_whitening, split_leaks_csv

FILE_NAME = "split_leaks.csv"
_MOST_LINES = 20


def leaks_of(fitted: Fitted, out: Path | None, raw: bool) -> tuple[dict[str, Any], list[str], list[str]]:
    """Returns fields, lines and paths of the files written; None in the fields where photos have no parts."""
    if not has_parts(fitted.catalog):
        return {"split_leaks": None, "near_from": None}, [], []
    found, files = leaks_after_whitening(fitted, Store(cache_dir())), []
    if out is not None:
        path = (out / FILE_NAME).absolute()
        write_bytes(path, split_leaks_csv(fitted.catalog, found.leaks, raw))
        files.append(str(path))
    told = [leak_fields(fitted.catalog, leak) for leak in found.leaks]
    photos = ", ".join(f"{name} {count:,}" for name, count in found.n_photos.items()) or "none"
    lines = [
        f"Near-duplicates in different parts of the split, from a similarity of {NEAR:.0%} on: {len(told):,} pairs; "
        f"photos in each part: {photos}."
    ]
    for pair in told[:_MOST_LINES]:
        what = "byte-equal" if pair["byte_equal"] else f"{pair['similarity']:.1%} similar"
        lines.append(f"  {pair['image_id']} ({pair['split']}) and {pair['other']} ({pair['other_split']}): {what}")
    return {"split_leaks": told, "near_from": NEAR}, lines, files
