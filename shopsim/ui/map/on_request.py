"""Pictures that are made when a browser asks for them: a map of 100,000 photos is pointed at in a few places only."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Mapping

from shopsim.catalog.catalog import CatalogImage

_MOST_MAPS = 4
# A mouse that crosses the map asks for more pictures than anyone sees.
_AT_ONCE = threading.Semaphore(2)
_lock = threading.Lock()
_maps: OrderedDict[str, tuple[Mapping[str, CatalogImage], Callable[[CatalogImage], None]]] = OrderedDict()


def offer(key: str, photos: Mapping[str, CatalogImage], make: Callable[[CatalogImage], None]) -> None:
    """Lets `make_asked_for` make pictures of these photos, by their names; of the last few maps only."""
    with _lock:
        _maps[key] = (photos, make)
        _maps.move_to_end(key)
        while len(_maps) > _MOST_MAPS:
            _maps.popitem(last=False)


def make_asked_for(name: str) -> bool:
    """Makes the picture of that name if a map offers it; says whether it tried."""
    with _lock:
        offered = next(((photos[name], make) for photos, make in reversed(_maps.values()) if name in photos), None)
    if offered is None:
        return False
    image, make = offered
    with _AT_ONCE:
        make(image)
    return True
