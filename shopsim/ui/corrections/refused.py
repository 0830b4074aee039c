"""Says what the last click on a correction did: what is kept now, or what stands against it, with photos."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.clusterers.bindings import Contradiction
from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.against import against
from shopsim.grouping.corrections.sentences import sentence
from shopsim.grouping.corrections.store import keep, read_all_actions, undo
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.guard import callback
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.texts import as_written

_DONE, _REFUSED = "corrections-done", "corrections-refused"
_MOST_NAMED, _PHOTO_PX = 3, 72


@dataclass(frozen=True)
class Refused:
    """A correction that was refused. chain: places of the photos that lead to it; standing: what is against it."""

    new: Action
    chain: tuple[int, ...]
    standing: tuple[Action, ...]


def keep_and_tell(catalog: Catalog, new: Action) -> tuple[Action, ...]:
    """Keeps a correction, and remembers what to say of it. Raises as `keep`."""
    forget_told()
    try:
        kept = keep(catalog, new)
    except Contradiction as error:
        standing = against(catalog, new, read_all_actions(), error.chain)
        st.session_state[_REFUSED] = Refused(new, error.chain, tuple(standing))
        raise
    st.session_state[_DONE] = kept[-1]
    return kept


def forget_told() -> None:
    """Forgets what the last click did, because something else was done."""
    st.session_state.pop(_DONE, None)
    st.session_state.pop(_REFUSED, None)


def show_done(catalog: Catalog) -> None:
    """Draws what the last correction of this visit was, until something else is done."""
    done = st.session_state.get(_DONE)
    if done is not None and done.photos[0] in photo_keys(catalog):
        with st.container(horizontal=True, vertical_alignment="center", key="correction-kept"):
            st.markdown(f":material/check: Kept: {as_written(sentence(done))}.", width="content")
            st.button(
                "Undo this",
                key="correction-kept-undo",
                icon=":material/undo:",
                on_click=callback(_take_back),
                args=(catalog, done.number),
                disabled=not may_change(),
            )


def show_refused(catalog: Catalog) -> None:
    """Draws why the last correction of this visit was refused, until something else is done."""
    refused = st.session_state.get(_REFUSED)
    if refused is None or refused.new.photos[0] not in photo_keys(catalog):
        return
    with st.container(border=True, key="correction-refused"):
        st.markdown(f"**Refused, and nothing was changed:** {as_written(sentence(refused.new))}.")
        images = catalog.images
        photos = [Shown(images[place], images[place].path.name) for place in refused.chain if place < len(images)]
        st.caption("These photos stand in its way: earlier corrections link each one with the next.")
        gallery(photos, width=_PHOTO_PX)
        for each in refused.standing[:_MOST_NAMED]:
            _standing(catalog, each)


def _standing(catalog: Catalog, each: Action) -> None:
    told, button = st.columns([5, 1], vertical_alignment="center")
    when = each.at.removesuffix("+00:00")
    told.caption(as_written(f"Against it: {sentence(each)}. {each.who or 'somebody'}, {when} UTC"))
    button.button(
        "Take this one back",
        key=f"correction-against-{each.number}",
        icon=":material/undo:",
        on_click=callback(_take_back),
        args=(catalog, each.number),
        disabled=not may_change(),
    )


@changes
def _take_back(catalog: Catalog, number: int) -> None:
    undo(catalog, number)
    forget_told()
