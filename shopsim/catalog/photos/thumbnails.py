"""Small pictures as files that the browser fetches by itself."""

from __future__ import annotations

import hashlib
import hmac
import logging
import secrets
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from shopsim.base.disk.secret_file import kept_secret
from shopsim.base.errors import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.images import READING, thumbnail
from shopsim.catalog.photos.picture_folder import PictureFolder, name_in_folder
from shopsim.catalog.scan import file_digest

_SECRET_NAME = "thumbnail-secret"
_SECRET_BYTES = 32
_log = logging.getLogger(__name__)


class Thumbnails:
    """Writes `FOLDER/NA/NAME.jpg` on demand.

    NAME is a keyed hash of the photo's digest: whoever reaches the server may fetch the files, but cannot guess
    their names, nor learn from them whether a known photo is there.
    """

    def __init__(self, folder: Path, home: Path) -> None:
        self._folder = PictureFolder(folder)
        self._secret = _secret(home / _SECRET_NAME)

    def names(self, images: Sequence[CatalogImage], side: int) -> list[str | None]:
        """File names, side pixels at the longer edge; None where the photo is gone or has changed."""
        names = [self._name(image.digest, side) for image in images]
        # A name may stand twice (byte-equal copies) but need be made once.
        missing: dict[str, list[CatalogImage]] = {}
        for name, image in zip(names, images, strict=True):
            if name in missing or not self._folder.has(name):
                missing.setdefault(name, []).append(image)
        with ThreadPoolExecutor(usable_cores()) as pool:
            made = dict(zip(missing, pool.map(lambda item: self._make(*item, side), missing.items()), strict=True))
        return [name if made.get(name, True) else None for name in names]

    def promised(self, images: Sequence[CatalogImage], side: int) -> list[str | None]:
        """File names as `names` gives them, of pictures that may still have to be made by `make_promised`.

        None where the photo is gone; whether it has changed shows when its picture is made.
        """
        names = [self._name(image.digest, side) for image in images]
        there = (self._folder.has(name) or image.path.is_file() for name, image in zip(names, images, strict=True))
        return [name if known else None for name, known in zip(names, there, strict=True)]

    def make_promised(self, image: CatalogImage, side: int) -> None:
        """Makes the picture of one photo, unless it is there or the photo can no longer be read."""
        self.names([image], side)

    def size(self) -> tuple[int, int]:
        """(files, bytes)."""
        return self._folder.size()

    def clear(self) -> None:
        """Delete every thumbnail. Raises ShopsimError if the disk refuses."""
        self._folder.clear()

    def _name(self, digest: str, side: int) -> str:
        keyed = hmac.new(self._secret, f"{digest} {side} {READING}".encode(), hashlib.sha256)
        return name_in_folder(keyed.hexdigest()[:32])

    def _make(self, name: str, copies: Sequence[CatalogImage], side: int) -> bool:
        return any(self._made_from(image, name, side) for image in copies)

    def _made_from(self, image: CatalogImage, name: str, side: int) -> bool:
        try:
            picture = thumbnail(image.path, side)
            # A photo changed meanwhile must not be shown under the old one's name ever after.
            if file_digest(image.path) != image.digest:
                return False
            self._folder.write(name, picture)
        except (OSError, ShopsimError):
            return False
        return True


def _secret(path: Path) -> bytes:
    """The one kept there, or one that lasts as long as the program if none can be kept."""
    try:
        return kept_secret(path, _SECRET_BYTES)
    except ShopsimError as error:
        _log.warning("The names of thumbnails change at the next start. %s", error)
        return _secret_of_this_process()


@cache
def _secret_of_this_process() -> bytes:
    return secrets.token_bytes(_SECRET_BYTES)
