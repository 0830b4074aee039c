"""The one call every page starts with."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from shopsim.base.disk.sweep import sweep_hourly
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir, static_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photos.formats import FORMAT_NAMES
from shopsim.features.extract import Features
from shopsim.grouping.grouping import Fitted
from shopsim.tuning.settings import TunedSettings
from shopsim.ui.access.rights_panel import show_rights
from shopsim.ui.address import current_choice, keep_choice
from shopsim.ui.browser import run_in_browser
from shopsim.ui.choice import Choice
from shopsim.ui.compute import features_for, fitted_for, narrow, open_choice
from shopsim.ui.guard import show_refusals, shown_errors
from shopsim.ui.opening import checked_opening, is_checked, opening_of
from shopsim.ui.parts.damage_line import say_damage, start_saying
from shopsim.ui.parts.style import STYLE
from shopsim.ui.parts.texts import counted
from shopsim.ui.quick_look import follow_up, until_ready
from shopsim.ui.seen import say_what_was_trained_on
from shopsim.ui.settings_choice import choose_settings
from shopsim.ui.sidebar import choose_folder, choose_photos, choose_recipe, draw_navigation
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.tuned_settings import as_tuned, settings_of
from shopsim.ui.tuned_size import choose_expected

# Files of our own, because Streamlit would fetch a named icon from the internet.
_HERE = Path(__file__).parent


@dataclass(frozen=True)
class Photos:
    """The photos of a page that needs no groups. whole: before any filter; catalog: the photos that take part."""

    choice: Choice
    whole: Catalog
    catalog: Catalog


@dataclass(frozen=True)
class Opened:
    """The data of a page with groups.

    catalog: the whole catalogue, before any filter; fitted: space and tree of the photos that take part.
    tuned: the tuned settings that group them; None if the settings were chosen by hand.
    """

    choice: Choice
    catalog: Catalog
    features: Features
    fitted: Fitted
    tuned: TunedSettings | None = None


@contextmanager
def start_page(title: str) -> Iterator[Choice]:
    """Sets the page up, reads the address and draws the navigation, for pages that need no photos.

    The page is drawn inside the block, where every error becomes a sentence, as with `open_page`.
    """
    with shown_errors():
        choice, _ = _start(title)
        yield choice
        say_damage()


def _start(title: str) -> tuple[Choice, DeltaGenerator]:
    """Does the work of `start_page`; also returns the place of the navigation."""
    st.set_page_config(page_title=f"{title} · shopsim", page_icon=str(_HERE / "icon.svg"), layout="wide")
    st.logo(str(_HERE / "logo.svg"), icon_image=str(_HERE / "icon.svg"), size="large")
    st.html(STYLE)
    run_in_browser()
    choice = current_choice()
    navigation = st.sidebar.empty()
    draw_navigation(navigation, choice)
    with st.sidebar, shown_errors(ends_page=False):
        show_rights()
    st.title(title)
    show_refusals()
    sweep_hourly(cache_folder(), home_dir(), static_dir())
    start_saying(title)
    return choice, navigation


@contextmanager
def open_photos(title: str) -> Iterator[Photos]:
    """Opens a page that needs photos but no groups: set-up, address, the choice of photos. Errors as in `open_page`."""
    with shown_errors():
        choice, navigation = _start(title)
        choice, catalog = _choose_photos(choice, navigation)
        if choice.automatic:
            choice, _ = opening_of(catalog, choice)
        _keep(choice, navigation)
        say_damage()
        yield Photos(choice, catalog, narrow(catalog, choice))


def _choose_photos(choice: Choice, navigation: DeltaGenerator) -> tuple[Choice, Catalog]:
    """Returns the choice as the sidebar now shows it, and the whole catalogue. Raises ShopsimError."""
    choice = choose_folder(choice)
    say_damage()
    _keep(choice, navigation)
    catalog = open_choice(choice)
    _require_photos(catalog)
    return choose_photos(choice, catalog), catalog


@contextmanager
def open_page(title: str) -> Iterator[Opened]:
    """Opens a page with groups: set-up, address, sidebar, catalogue, features, tree; all but the threshold.

    The page is drawn inside the block. If something is missing or wrong, the page says so in one sentence and ends
    there.
    """
    with shown_errors():
        choice, navigation = _start(title)
        yield _opened(*_choose_photos(choice, navigation), navigation)


def _opened(choice: Choice, catalog: Catalog, navigation: DeltaGenerator) -> Opened:
    """Draws the rest of the sidebar and computes what it chooses. Raises ShopsimError."""
    choice = choose_settings(choice)
    target, why = opening_of(catalog, choice.as_automatic())
    if not choice.automatic:
        why = ""
    else:
        choice = until_ready(catalog, target)
        if choice != target:
            why = "A quick look comes first."
        elif is_checked(catalog):
            choice, why = checked_opening(catalog, choice)
    if not choice.tuned:
        choice = _choose_recipe(choice, catalog, why)
    _keep(choice, navigation)
    tuned = settings_of(choice)
    if tuned is not None:
        choice = choose_expected(replace(choice, never_join=""), tuned)
        _keep(choice, navigation)
    if tuned is None:
        features = features_for(catalog, choice)
        fitted = fitted_for(catalog, features, choice)
    else:
        features, fitted = as_tuned(catalog, choice, tuned)
    follow_up(catalog, choice, target)
    say_what_was_trained_on(choice, tuned, fitted.catalog)
    say_damage()
    return Opened(choice, catalog, features, fitted, tuned)


def _choose_recipe(choice: Choice, catalog: Catalog, why: str) -> Choice:
    """Returns the choice with the recipe as the sidebar now shows it."""
    chosen = choose_recipe(choice, catalog, why)
    if choice.automatic and not chosen.automatic:
        # The field above still says that the choice is automatic.
        keep_choice(chosen)
        st.rerun()
    return chosen


def _keep(choice: Choice, navigation: DeltaGenerator) -> None:
    """Keeps the choice of the sidebar, and draws the navigation again if its links have changed."""
    changed = choice != st.session_state["choice"]
    keep_choice(choice)
    if changed:
        draw_navigation(navigation, choice)


def _require_photos(catalog: Catalog) -> None:
    if not catalog.images:
        n_left_out = catalog.n_left_out
        left_out = f" ({counted(n_left_out, 'file')} {'was' if n_left_out == 1 else 'were'} left out)"
        raise ShopsimError(
            f"'{catalog.name}' holds no photo that can be used{left_out if n_left_out else ''}; "
            f"shopsim reads {FORMAT_NAMES}."
        )
