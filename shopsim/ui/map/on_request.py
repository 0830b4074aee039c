"""Pictures that are made when a browser asks for them.

A map of 100,000 photos is pointed at in a few places only, and of a long list of photos few are in sight.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from shopsim.catalog.catalog import CatalogImage

MOST_MAPS = 4
# So that other requests find a free thread, however many pictures are asked for.
_AT_ONCE, _PATIENCE_S = threading.Semaphore(2), 5.0
_lock = threading.Lock()
# Some hundred pages of photos, so that a page drawn a while ago still gets its pictures.
_MOST_PHOTOS = 50_000
_photos: OrderedDict[str, tuple[CatalogImage, Callable[[CatalogImage], None]]] = OrderedDict()
_maps: OrderedDict[str, tuple[Mapping[str, CatalogImage], Callable[[CatalogImage], None]]] = OrderedDict()


def offer(key: str, photos: Mapping[str, CatalogImage], make: Callable[[CatalogImage], None]) -> None:
    """Lets `make_asked_for` make pictures of these photos, by their names; of the last few maps only."""
    with _lock:
        _maps[key] = (photos, make)
        _maps.move_to_end(key)
        while len(_maps) > MOST_MAPS:
            _maps.popitem(last=False)


def offer_photos(photos: Mapping[str, CatalogImage], make: Callable[[CatalogImage], None]) -> None:
    """Lets `make_asked_for` make the pictures of these photos, by their names; of the last 50,000 only."""
    with _lock:
        for name, image in photos.items():
            _photos[name] = (image, make)
            _photos.move_to_end(name)
        while len(_photos) > _MOST_PHOTOS:
            _photos.popitem(last=False)


def make_asked_for(name: str) -> bool:
    """Makes the picture of that name if it is offered and not too many wait; says whether it tried."""
    with _lock:
        of_maps = ((photos[name], make) for photos, make in reversed(_maps.values()) if name in photos)
        offered = _photos.get(name) or next(of_maps, None)
    if offered is None:
        return False
    image, make = offered
    if not _AT_ONCE.acquire(timeout=_PATIENCE_S):
        return False
    try:
        make(image)
    finally:
        _AT_ONCE.release()
    return True
