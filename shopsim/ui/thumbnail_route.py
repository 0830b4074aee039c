"""Serves thumbnails as files, since inline pictures made a map of 10,000 photos 40 times heavier."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import streamlit as st
from starlette.staticfiles import StaticFiles

from shopsim.base.paths import static_dir
from shopsim.catalog.photos.picture_folder import is_name_in_folder
from shopsim.ui.map.on_request import make_asked_for

if TYPE_CHECKING:
    from starlette.responses import Response
    from starlette.routing import BaseRoute

ADDRESS = "app/static"
"""Where a page finds them, relative to its own address."""


def thumbnail_routes() -> list[BaseRoute]:
    """Returns the routes as the server takes them.

    Streamlit itself would serve a folder beside `app.py` only, where an installed program must not write.
    """
    from starlette.routing import Mount

    base = (st.get_option("server.baseUrlPath") or "").strip("/")
    path = f"/{base}/{ADDRESS}" if base else f"/{ADDRESS}"
    return [Mount(path, _Pictures(directory=static_dir(), check_dir=False))]


class _Pictures(StaticFiles):
    """The folder of thumbnails: no other file in it is served, and no browser takes a picture for anything else."""

    async def check_config(self) -> None:
        """Does nothing: the folder appears with the first thumbnail, and may be removed at any time."""

    def lookup_path(self, path: str) -> tuple[str, os.stat_result | None]:
        """Finds a thumbnail, or makes the one that a map offers.

        Anything else that someone has put into the folder has a name that can be guessed.
        """
        name = path.replace(os.sep, "/")
        if not is_name_in_folder(name):
            return "", None
        found = super().lookup_path(path)
        if found[1] is None and make_asked_for(name):
            found = super().lookup_path(path)
        return found

    def file_response(self, *given: Any, **named: Any) -> Response:
        response = super().file_response(*given, **named)
        response.headers["X-Content-Type-Options"] = "nosniff"
        return response
