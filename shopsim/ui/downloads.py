"""Files to take away."""

from __future__ import annotations

import streamlit as st

from shopsim.export import groups_csv
from shopsim.pipeline import Grouping


def offer_csv(grouping: Grouping, label: str = "Download the groups as CSV", name: str = "groups.csv") -> None:
    """A button for the group CSV; the file is made when it is clicked."""
    st.download_button(
        label,
        lambda: csv_of(grouping),
        file_name=name,
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
        width="stretch",
    )


def csv_of(grouping: Grouping, raw: bool = False) -> bytes:
    """The group CSV of a cut."""
    images = grouping.fitted.catalog.images
    central = grouping.representatives
    return groups_csv(
        [image.image_id for image in images],
        [image.model for image in images],
        [image.product for image in images],
        grouping.labels_pred,
        central.similarity,
        [images[row].image_id for row in central.index],
        raw=raw,
    )
