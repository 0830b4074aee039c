"""Draws a map of many photos with the component: its buffers, its texts, and the picture of the point below a mouse."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.paths import static_dir
from shopsim.catalog.catalog import Catalog, CatalogImage
from shopsim.features.projections import projections
from shopsim.ui.charts.map import HEIGHT
from shopsim.ui.charts.map_colours import PALETTE
from shopsim.ui.charts.map_texts import known_of, photo_names
from shopsim.ui.map import scene
from shopsim.ui.map.colours import Coloured
from shopsim.ui.map.component import address_of, mount, selected_photos
from shopsim.ui.map.layout import Laid
from shopsim.ui.map.on_request import MOST_MAPS
from shopsim.ui.map.pictures import offer_pictures, pictures_on_request
from shopsim.ui.map.state import generation


def show_many(laid: Laid, coloured: Coloured, drawn: np.ndarray) -> np.ndarray:
    """Draws the points at these positions of the layout and returns the rows of the photos that are selected."""
    grouping, rows = coloured.grouping, laid.rows[drawn]
    square = scene.to_square(laid.points)
    known = known_of(grouping.fitted.catalog, rows, grouping.labels_pred, coloured.homes, coloured.verdicts)
    row_numbers = scene.row_bytes(rows)
    data = {
        "layout": laid.key,
        "points": address_of(scene.point_bytes(square[drawn]), "points"),
        "kinds": address_of(scene.kind_bytes(coloured.colouring.kinds[rows]), "kinds"),
        "rows": None if row_numbers is None else address_of(row_numbers, "rows"),
        "shade": address_of(scene.shade_bytes(square), "shade") if len(drawn) < len(laid.rows) else None,
        "photos": address_of(_photos(coloured, rows), "photos", is_json=True),
        "known": address_of(scene.known_bytes(known), "known", is_json=True),
        "summary": _summary(laid, coloured, len(drawn)),
        **scene.look(len(drawn)),
    }
    reported = mount(data, key=f"map-many-{generation()}", height=HEIGHT)
    return selected_photos(reported.get("selection"), len(grouping.labels_pred))


def _photos(coloured: Coloured, rows: np.ndarray) -> bytes:
    """Returns names and picture addresses as JSON, written once for the same photos."""
    catalog = coloured.grouping.fitted.catalog
    key = digest_of("map photos", catalog.digest, static_dir(), rows.tobytes())
    written, pictures = _written(key, catalog, rows)
    # At each draw, since only the last few maps are offered.
    offer_pictures(key, pictures)
    return written


@st.cache_resource(max_entries=MOST_MAPS, show_spinner=False)
def _written(key: str, _catalog: Catalog, _rows: np.ndarray) -> tuple[bytes, Mapping[str, CatalogImage]]:
    pictures, addresses = pictures_on_request([_catalog.images[row] for row in _rows.tolist()])
    return scene.photo_bytes(photo_names(_catalog, _rows), addresses), pictures


def _summary(laid: Laid, coloured: Coloured, n_drawn: int) -> str:
    """Describes the map in a sentence for people who do not see it."""
    counts = np.bincount(coloured.colouring.kinds[laid.rows], minlength=len(PALETTE))
    kinds = "; ".join(f"{counts[kind]:,} {text}" for kind, text in coloured.colouring.legend if counts[kind])
    title = projections.entry(laid.name).title
    return f"Map of {n_drawn:,} photos by {title}. {kinds}. Arrow keys go from photo to photo, Enter selects."
