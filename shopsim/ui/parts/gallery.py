"""Shows photos on a page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from shopsim.base.paths import home_dir, static_dir
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.thumbnails import Thumbnails
from shopsim.ui.map.on_request import offer_photos
from shopsim.ui.thumbnail_route import ADDRESS

# Twice the size at which most are shown, for high-resolution displays.
THUMBNAIL_SIDE = 256
# At which a photo is shown alone.
LARGE_SIDE = 1024


@dataclass(frozen=True)
class Shown:
    """Describes a photo with the texts below it; kind: '' or, for a frame, 'wrong' or 'center'."""

    image: CatalogImage
    caption: str = ""
    kind: str = ""
    mark: str = ""


@st.cache_resource
def thumbnails() -> Thumbnails:
    """Returns the thumbnails of the whole server."""
    return Thumbnails(static_dir(), home_dir())


def picture_addresses(images: Sequence[CatalogImage], side: int = THUMBNAIL_SIDE) -> list[str | None]:
    """Returns addresses for charts and pages, relative to any page of the app; None if a photo is gone.

    A picture is made when a browser asks for it, since a page waits for none that is out of sight.
    """
    names = thumbnails().promised(images, side)
    offered = {name: image for name, image in zip(names, images, strict=True) if name is not None}
    offer_photos(offered, lambda image: thumbnails().make_promised(image, side))
    return [None if name is None else f"{ADDRESS}/{name}" for name in names]


def gallery(photos: Sequence[Shown], width: int = 120, columns: int | None = None) -> None:
    """Shows photos in a grid of a fixed number of columns, or of as many `width` pixels wide as there is room for."""
    layout = f"--side:{width}px" if columns is None else f"grid-template-columns:repeat({columns},minmax(0,1fr))"
    images = [photo.image for photo in photos]
    addresses = zip(photos, picture_addresses(images), picture_addresses(images, LARGE_SIDE), strict=True)
    figures = "".join(_figure(photo, small, large) for photo, small, large in addresses)
    st.html(f'<div class="photos" style="{layout}">{figures}</div>')


def _figure(photo: Shown, address: str | None, large: str | None) -> str:
    title = html.escape(photo.image.image_id, quote=True)
    product = html.escape(photo.image.product or "", quote=True)
    picture = (
        f'<img src="{address}" loading="lazy" alt="{title}" title="{title}" data-large="{large}" '
        f'data-product="{product}" tabindex="0" role="button">'
        if address
        else f'<div class="none" title="{title}">photo not at hand</div>'
    )
    mark = f' <span class="mark">{html.escape(photo.mark)}</span>' if photo.mark else ""
    caption = (
        f'<figcaption title="{html.escape(photo.caption, quote=True)}">{html.escape(photo.caption)}{mark}</figcaption>'
    )
    return f'<figure class="{photo.kind}">{picture}{caption if photo.caption or photo.mark else ""}</figure>'
