"""Asks for new photos: files, a folder, a zip, a picture from the clipboard, or a folder on the server's machine."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import is_folder
from shopsim.catalog.catalog import Problem
from shopsim.catalog.incoming import take_in
from shopsim.catalog.photos.formats import IMAGE_SUFFIXES
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.match.options import choose_one
from shopsim.ui.match.place import NewPlace, forget_place, keep_place, kept_place
from shopsim.ui.server import existing_path, unquoted
from shopsim.ui.spare_cache import cache_folder

FILES, FOLDER, PASTE, HERE = "Files", "Folder", "Clipboard", "On this machine"
_FORMS = {
    FILES: "Photos and zips from your computer.",
    FOLDER: "All photos of a folder on your computer.",
    PASTE: "A picture that you have copied.",
    HERE: "A folder, a zip or a photo on the machine that shopsim runs on.",
}
_VECTORS = (
    "A .npy of vectors by the same extractor, with an img_paths.txt beside it, on the machine that shopsim runs on."
)
# A zip that a browser sends has no other name.
_TYPES = sorted(suffix.removeprefix(".") for suffix in {*IMAGE_SUFFIXES, ".zip"})


def choose_new_photos(brings_vectors: bool) -> NewPlace | None:
    """Draws the fields, and returns where the new photos lie; None before any were given.

    brings_vectors: whether the catalogue brings its own vectors, so that new ones must do so too.
    """
    offered = list(_FORMS) if may_change() and not brings_vectors else [HERE]
    chosen = choose_one("New photos from", offered, "match-from")
    if not may_change():
        st.caption(WHY_NOT)
    st.caption(_VECTORS if brings_vectors else _FORMS[chosen])
    {FILES: _ask_files, FOLDER: _ask_files, PASTE: _ask_clipboard, HERE: _ask_path}[chosen](chosen)
    place = kept_place()
    if place is not None and not is_folder(place.path) and not place.path.is_file():
        forget_place()  # Someone has cleared the cache, as anyone may at any time.
        st.info("The new photos are no longer there, since the cache was cleared. Please choose them again.")
        return None
    return place


def _ask_files(chosen: str) -> None:
    many: Any = "directory" if chosen == FOLDER else True
    with st.form(f"match-{chosen}", border=False, clear_on_submit=True):
        files = st.file_uploader("New photos", _TYPES, many, key=f"match-files-{chosen}", label_visibility="collapsed")
        if not st.form_submit_button("Match", type="primary", icon=":material/join_inner:"):
            return
    if not files:
        raise ShopsimError("No photo was chosen; choose some first.")
    _take_in(files)


def _ask_clipboard(_: str) -> None:
    # Of all fields of Streamlit, only this one takes a picture from the clipboard.
    with st.container():
        sent = st.chat_input(
            "Click here, press Ctrl+V (⌘V on a Mac), then Enter",
            key="match-paste",
            accept_file="multiple",
            file_type=_TYPES,
        )
    if sent is None:
        return
    if not sent.files:
        raise ShopsimError("The clipboard held no picture; copy a picture first, then paste it here.")
    _take_in(sent.files)


def _ask_path(_: str) -> None:
    with st.form("match-path", border=False):
        left, right = st.columns([5, 1], vertical_alignment="bottom")
        text = left.text_input("Folder, zip or photo", placeholder="/home/you/new", key="match-path-text")
        wanted = right.form_submit_button("Match", type="primary", icon=":material/join_inner:", width="stretch")
    if wanted:
        if not unquoted(text):
            raise ShopsimError("No folder was named; type the path of a folder of photos.")
        keep_place(NewPlace(existing_path(text)))


def _take_in(files: Sequence[Any]) -> None:
    with st.spinner("Taking in the photos…"):
        folder, left_out = changes(take_in)([(file.name, file) for file in files], cache_folder())
    keep_place(NewPlace(Path(folder), tuple(Problem(each.name, each.reason) for each in left_out)))
