"""Pictures for the map's tooltips, made in the background."""

from __future__ import annotations

from collections.abc import Mapping

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.paths import home_dir, static_dir
from shopsim.base.work.job import Job
from shopsim.base.work.lanes import PICTURES
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.hover_pictures import HoverPictures
from shopsim.ui.guard import polled
from shopsim.ui.map.on_request import offer
from shopsim.ui.parts.texts import as_written
from shopsim.ui.server import jobs
from shopsim.ui.thumbnail_route import ADDRESS

_PATIENCE_S = 0.3
# If a tenth of the pictures goes, one of so many is among them nearly always.
_LOOKED_AT = 50


@st.cache_resource
def _pictures() -> HoverPictures:
    return HoverPictures(static_dir(), home_dir())


def picture_addresses_to_come(images: list[CatalogImage]) -> list[str]:
    """Returns one address per photo, '' if there can be no picture; starts making the missing pictures.

    Addresses are known before the pictures are made, so the map need not be drawn again when they are ready.
    """
    pictures = _pictures()
    job = _job(images)
    impossible = job.result if job.state == "done" else frozenset()
    return ["" if name in impossible else f"{ADDRESS}/{name}" for name in pictures.names_to_come(images)]


def pictures_on_request(images: list[CatalogImage]) -> tuple[dict[str, CatalogImage], list[str]]:
    """Returns the photo of each picture's name, for `offer_pictures`, and one address per photo."""
    names = _pictures().names_to_come(images)
    return dict(zip(names, images, strict=True)), [f"{ADDRESS}/{name}" for name in names]


def offer_pictures(key: str, photos: Mapping[str, CatalogImage]) -> None:
    """Lets these pictures be made when a browser asks for them. key: of the photos."""
    offer(key, photos, _pictures().make)


def show_pictures_progress(images: list[CatalogImage]) -> None:
    """Shows a line until all pictures are there."""
    job = _job(images)
    if job.state == "running" and not job.wait(_PATIENCE_S):
        _watch(job)
    elif job.state == "failed":
        st.caption(f"Pictures for pointing are missing: {as_written(job.error)}")


@polled(seconds=1.0)
def _watch(job: Job) -> None:
    if job.state != "running":
        st.rerun()
    st.caption(f"Pictures for pointing at: {job.done:,} of {job.total:,} made. The map can be used meanwhile.")


def _job(images: list[CatalogImage]) -> Job:
    key = digest_of("map pictures", static_dir(), *(image.digest for image in images))
    pictures = _pictures()
    job = jobs().ensure(
        key, "Pictures for the map", lambda report: apart(pictures.make_all, images, lane=PICTURES, progress=report)
    )
    if job.state == "done" and _cleared(images, job.result):
        jobs().forget(key)
        return _job(images)
    return job


def _cleared(images: list[CatalogImage], impossible: frozenset[str]) -> bool:
    """Whether pictures are gone since they were made: someone cleared them, or others were used more lately."""
    pictures = _pictures()
    few = images[:: max(1, len(images) // _LOOKED_AT)]
    possible = (image for image in few if pictures.names_to_come([image])[0] not in impossible)
    return not all(map(pictures.is_there, possible))
