"""Keys under which the workspace keeps what people say of photos: of a photo's bytes, never of a path.

A catalogue of vectors may name photos that are not there. Such a photo has no bytes, so its key is made of the digest
of all vectors and of its image_id. The folder may be moved, but other vectors have other keys.
"""

from __future__ import annotations

from shopsim.base.disk.store import digest_of
from shopsim.catalog.catalog import Catalog, digest_without_photo


def photo_keys(catalog: Catalog) -> tuple[str, ...]:
    """Returns the key of each photo of the catalogue; byte-equal photos have the same one."""
    absent = absent_photos(catalog)
    return tuple(photo_key(catalog, image.digest, absent) for image in catalog.images)


def photo_key(catalog: Catalog, digest: str, absent: frozenset[str]) -> str:
    """Returns the key of the photo of that digest. absent: as `absent_photos` gives it."""
    return digest_of("vectors", catalog.vectors_digest, digest) if digest in absent else digest


def absent_photos(catalog: Catalog) -> frozenset[str]:
    """Returns the digests that stand for photos which are not there; only a catalogue of vectors has such."""
    if catalog.vectors_path is None:
        return frozenset()
    return frozenset(map(digest_without_photo, catalog.image_ids)) & {image.digest for image in catalog.images}
