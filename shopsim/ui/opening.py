"""Chooses how a catalogue is grouped as long as nobody has chosen: what an automatic choice means for it."""

from __future__ import annotations

from dataclasses import replace

from shopsim.catalog.catalog import Catalog
from shopsim.features.default_extractor import default_extractor
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.ui.choice import Choice


def opening_of(catalog: Catalog, choice: Choice) -> tuple[Choice, str]:
    """Returns the choice with extractor, space and clusterer for this catalogue, and a sentence that says why.

    choice: automatic. Starts no network. Raises ShopsimError if SHOPSIM_EXTRACTOR names no extractor.
    """
    if catalog.vectors_path:
        return _with_extractor(choice, OWN_VECTORS), "The catalogue brings its own vectors."
    name = default_extractor()
    return _with_extractor(choice, name), f"{extractors.entry(name).title} is the default extractor."


def _with_extractor(choice: Choice, name: str) -> Choice:
    """Returns the choice with this extractor and the default recipe."""
    plain = Choice(extractor=name)
    recipe = {"space": plain.space, "space_settings": {}, "clusterer": plain.clusterer, "clusterer_settings": {}}
    return replace(choice, extractor=name, extractor_settings={}, **recipe, strict=False, tuned="", expect=None)
