"""Warns that a network was trained on some of the photos: it knows their models, so scores on them are too good."""

from __future__ import annotations

import streamlit as st

from shopsim.catalog.catalog import Catalog
from shopsim.features.extractors.fine_tuned import NAME
from shopsim.features.networks.photos_known import n_trained_on
from shopsim.tuning.settings import TunedSettings
from shopsim.ui.choice import Choice
from shopsim.ui.parts.texts import as_written, counted


def say_what_was_trained_on(choice: Choice, tuned: TunedSettings | None, catalog: Catalog) -> None:
    """Draws a line in the sidebar if a trained network in the workspace is used. catalog: the grouped photos."""
    use = (choice.extractor, choice.extractor_settings)
    if tuned is not None:
        use = (tuned.extractors[0].name, tuned.extractors[0].settings)
    name, settings = use
    if name != NAME:
        return
    network = str(settings.get("network", ""))
    n_seen = n_trained_on(network, [image.digest for image in catalog.images])
    if n_seen:
        st.sidebar.caption(
            f":material/school: {as_written(network)} was **trained on {n_seen:,} of these "
            f"{counted(len(catalog.images), 'photo')}**: it knows their models, and scores here flatter it."
        )
