"""Photos on a page."""

from __future__ import annotations

import html
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from shopsim.base.paths import home_dir, static_dir
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.thumbnails import Thumbnails
from shopsim.ui.thumbnail_route import ADDRESS

# Twice the size at which most are shown, for sharp displays.
THUMBNAIL_SIDE = 256


@dataclass(frozen=True)
class Shown:
    """A photo with what stands below it; kind: '', 'wrong' or 'center' gives it a frame."""

    image: CatalogImage
    caption: str = ""
    kind: str = ""
    mark: str = ""


@st.cache_resource
def thumbnails() -> Thumbnails:
    """Of the whole server."""
    return Thumbnails(static_dir(), home_dir())


def picture_addresses(images: Sequence[CatalogImage], side: int = THUMBNAIL_SIDE) -> list[str | None]:
    """Addresses for charts and pages, relative to any page of the app; None where a photo is gone."""
    names = thumbnails().names(images, side)
    return [None if name is None else f"{ADDRESS}/{name}" for name in names]


def gallery(photos: Sequence[Shown], width: int = 120, columns: int | None = None) -> None:
    """A grid of photos, at least `width` pixels each, that wraps with the window; or of a fixed number of columns."""
    layout = f"--side:{width}px" if columns is None else f"grid-template-columns:repeat({columns},minmax(0,1fr))"
    addresses = picture_addresses([photo.image for photo in photos])
    figures = "".join(_figure(photo, address) for photo, address in zip(photos, addresses, strict=True))
    st.html(f'<div class="photos" style="{layout}">{figures}</div>')


def _figure(photo: Shown, address: str | None) -> str:
    title = html.escape(photo.image.image_id, quote=True)
    picture = (
        f'<img src="{address}" loading="lazy" alt="{title}" title="{title}">'
        if address
        else f'<div class="none" title="{title}">photo not at hand</div>'
    )
    mark = f' <span class="mark">{html.escape(photo.mark)}</span>' if photo.mark else ""
    caption = (
        f'<figcaption title="{html.escape(photo.caption, quote=True)}">{html.escape(photo.caption)}{mark}</figcaption>'
    )
    return f'<figure class="{photo.kind}">{picture}{caption if photo.caption or photo.mark else ""}</figure>'
