"""Small pictures inside the report's own text, so that it needs no other file."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor

from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.images import thumbnail
from shopsim.catalog.scan import file_digest

SIDE = 128


def addresses(images: Sequence[CatalogImage], rows: Iterable[int]) -> dict[int, str | None]:
    """Returns a `data:` address of a small JPEG by row; None where the photo is gone or has changed."""
    wanted = list(dict.fromkeys(rows))
    with ThreadPoolExecutor(usable_cores()) as pool:
        made = list(pool.map(lambda row: _address(images[row]), wanted))
    return dict(zip(wanted, made, strict=True))


def _address(image: CatalogImage) -> str | None:
    try:
        if file_digest(image.path) != image.digest:
            return None
        return f"data:image/jpeg;base64,{base64.b64encode(thumbnail(image.path, SIDE)).decode()}"
    except (OSError, ShopsimError):
        return None
