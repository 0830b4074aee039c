"""The sidebar: navigation, and all choices except the threshold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.base.registry import Registry
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.labels.contradictions import WAYS, contradiction_sentence, way_for
from shopsim.clusterers import clusterers
from shopsim.features.default_extractor import default_extractor
from shopsim.features.extractors import extractors
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.spaces import spaces
from shopsim.spaces.whitened import FEWEST_ROWS
from shopsim.ui.access.rights import may_change
from shopsim.ui.address import drawn, follow_choice, links_lead_to
from shopsim.ui.choice import DEMO, DEMO_NAME, Choice
from shopsim.ui.columns.never_join import choose_never_join
from shopsim.ui.parts.recent import Recent, recent_catalogs
from shopsim.ui.parts.texts import as_written
from shopsim.ui.second_extractor import choose_second, say_what_is_missing
from shopsim.ui.server import may_open
from shopsim.ui.setting_field import select_choice, setting_field

PAGES = {
    "Tune": ("app.py", ":material/tune:"),
    "Map": ("pages/Map.py", ":material/scatter_plot:"),
    "Groups": ("pages/Groups.py", ":material/grid_view:"),
    "Confusion": ("pages/Confusion.py", ":material/grid_on:"),
    "Review": ("pages/Review.py", ":material/rule:"),
    "Compare": ("pages/Compare.py", ":material/leaderboard:"),
    "Learn": ("pages/Learn.py", ":material/school:"),
    "Match": ("pages/Match.py", ":material/join_inner:"),
    "Runs and report": ("pages/Runs.py", ":material/history:"),
    "Catalogs": ("pages/Catalogs.py", ":material/folder_open:"),
}
# The parts of the navigation; a page stands where its name is, as soon as PAGES has it.
PARTS = {
    "": ("Tune",),
    "Look": ("Map", "Groups", "Confusion"),
    "Improve": ("Review", "Learn", "Compare"),
    "Use": ("Match", "Runs and report", "Catalogs"),
}
_ALL = "All categories"
_HELP = {
    "extractor": "Turns each photo into a row of numbers, its features. Photos of one model should get similar ones.",
    "space": "How the features become the vectors that are compared: as they are, or with rare differences raised.",
    "clusterer": "How photos are put together, once their similarities are known.",
}
_WHITENING = ("strength", "components")


def draw_navigation(place: DeltaGenerator, choice: Choice) -> None:
    """Draws links to the pages, which keep the choice, in the place reserved for them."""
    parameters = links_lead_to(choice)
    with place.container(gap="xxsmall"):
        for part, names in PARTS.items():
            if part:
                st.html(f'<div class="part">{part}</div>')
            for label in (name for name in names if name in PAGES):
                file, icon = PAGES[label]
                st.page_link(file, label=label, icon=icon, query_params=parameters, width="stretch")


def choose_folder(choice: Choice) -> Choice:
    """Asks for the catalogue: the demo or one opened lately."""
    with st.sidebar:
        known = {recent.folder: recent for recent in recent_catalogs() if may_open(recent.folder)}
        options = list(dict.fromkeys([DEMO, *known, choice.folder]))
        folder = select_choice("Catalogue", options, choice.folder, "side-folder", _folder_name)
    if folder == choice.folder:
        return choice
    opened = known.get(folder, Recent(folder))
    how = {"form": opened.form, "labels": opened.labels, "encoding": opened.encoding}
    return replace(choice, folder=folder, **how, category=None, value=None, expect=None)


def choose_photos(choice: Choice, catalog: Catalog) -> Choice:
    """Asks which photos take part."""
    with st.sidebar:
        if catalog.categories:
            options = [_ALL, *catalog.categories]
            why_off = "" if len(catalog.categories) > 1 else "All photos are of one category."
            chosen = select_choice("Category", options, choice.category or _ALL, "side-category", why_off=why_off)
            choice = _changed(choice, category=None if chosen == _ALL else chosen)
        if catalog.n_copies:
            label = f"Leave out {catalog.n_copies} byte-equal " + ("copy" if catalog.n_copies == 1 else "copies")
            follow_choice("side-copies", not choice.copies)
            without = st.toggle(label, key="side-copies", help="No file is deleted; they just take no part.")
            choice = _changed(choice, copies=not drawn("side-copies", without))
        return _choose_contradicted(choice, catalog)


def _choose_contradicted(choice: Choice, catalog: Catalog) -> Choice:
    """Asks which models count for byte-equal photos under different models, if there are such photos."""
    told = contradiction_sentence(catalog)
    if not told:
        return choice
    default = way_for(choice.copies, None)
    label = f"{catalog.n_contradicted} byte-equal photos under different models"
    current = way_for(choice.copies, choice.contradicted)
    way = select_choice(label, list(WAYS), current, "side-contradicted", lambda way: f"{way}: {WAYS[way]}", told)
    return _changed(choice, contradicted="" if way == default else way)


def choose_recipe(choice: Choice, catalog: Catalog, why: str = "") -> Choice:
    """Asks for extractor, space and clusterer with their settings; a change makes the choice one by hand.

    why: the sentence that says why shopsim chose them.
    """
    before = choice = replace(choice, expect=None)
    with st.sidebar, st.expander("Advanced", icon=":material/tune:", key="side-advanced"):
        if why:
            st.caption(as_written(why))
        offered = [OWN_VECTORS] if catalog.vectors_path else _offered_extractors()
        choice = _choose_entry(choice, "extractor", "Feature extractor", extractors, offered)
        say_what_is_missing(choice.extractor, choice.extractor_settings)
        choice = choose_second(choice)
        few = len(catalog.images) - catalog.n_copies < FEWEST_ROWS
        off = dict.fromkeys(_WHITENING, f"Whitening needs {FEWEST_ROWS} different photos.") if few else {}
        choice = _choose_entry(choice, "space", "Space", spaces, spaces.names(), off)
        choice = _choose_entry(choice, "clusterer", "Clustering", clusterers, clusterers.names())
        choice = choose_never_join(choice, catalog)
    return choice if choice == before else choice.by_hand()


def _offered_extractors() -> list[str]:
    # A SavedModel is a program: strangers may not name one to be fetched and run here.
    names = [name for name in extractors.names() if name != "tfhub" or may_change()]
    return [name for name in names if extractors.entry(name).can_be_chosen]


def _choose_entry(
    choice: Choice, kind: str, label: str, registry: Registry, names: list[str], off: Mapping[str, str] | None = None
) -> Choice:
    """Asks for a registered name and its settings. off: settings that change nothing here, each with the reason."""
    before = getattr(choice, kind)
    current = before if before in names else _first(kind, names)
    name = select_choice(label, names, current, f"side-{kind}", lambda key: _title(registry, key), _HELP[kind])
    if name == OWN_VECTORS:
        # There is nothing to choose, so a threshold in the address was meant for these vectors.
        return replace(choice, **{kind: name, f"{kind}_settings": {}})
    entry = registry.entry(name)
    if entry.summary:
        st.caption(entry.summary)
    old = getattr(choice, f"{kind}_settings") if name == before else {}
    settings = {}
    for setting in entry.settings:
        current, key = old.get(setting.name, setting.default), f"side-{kind}-{name}-{setting.name}"
        value = setting_field(setting, current, key, (off or {}).get(setting.name, ""))
        if value != setting.default:
            settings[setting.name] = value
    return _changed(choice, **{kind: name, f"{kind}_settings": settings})


def _first(kind: str, names: list[str]) -> str:
    """Returns what is chosen in place of a name that is not offered: own vectors of another catalogue, for example."""
    return default_extractor() if kind == "extractor" and default_extractor() in names else names[0]


def _changed(choice: Choice, **fields: Any) -> Choice:
    """Returns the choice with these fields; if they change, the threshold is dropped, since it was set for others."""
    if all(getattr(choice, name) == value for name, value in fields.items()):
        return choice
    return replace(choice, **fields, value=None)


def _title(registry: Registry, name: str) -> str:
    return "Own vectors" if name == OWN_VECTORS else registry.entry(name).title


def _folder_name(folder: str) -> str:
    return DEMO_NAME if folder == DEMO else Path(folder).name or folder
