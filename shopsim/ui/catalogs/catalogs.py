"""The parts of the Catalogs page that open something."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import uploads_dir
from shopsim.base.text.text_encodings import ENCODINGS
from shopsim.catalog.catalog import Problem
from shopsim.catalog.forms.folder_forms import FORMS
from shopsim.catalog.zips.zips import unpack_zip
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.address import take_choice
from shopsim.ui.choice import DEMO, DEMO_NAME, Choice
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.parts.recent import Recent, forget, recent_catalogs, remember, why_not_kept
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import existing_path, may_open, unquoted

# Leaves room for a number behind it.
_NAME_BYTES = 120
_AS_FOUND = "recognise it"
_FORM_HELP = (
    "table: a catalog.csv with the columns path and, if known, model, product, category, split. "
    "contest: photos named model_product_image in digits. folders: one folder per model. "
    "split-folders: the same, and folders called train, val or test are parts of the catalogue. "
    "lowest-folders: folders of the same name are one model, in any folder. "
    "inner-folders: folders are models by their path without the top folder. "
    "middle-folders: neither the top nor the lowest folder counts. "
    "upper-folders: the folder above the lowest is the model. "
    "plain: no true models. vectors: a .npy with an img_paths.txt beside it."
)
_ENCODING_HELP = (
    "Only for texts that are not UTF-8. The page says which encoding was used; choose another one if names look wrong."
)


def open_folder() -> None:
    """Draws fields for a folder on the machine that shopsim runs on, its form, and a file of true models."""
    st.subheader("Open a folder")
    with st.form("open", border=True):
        folder = st.text_input("Folder of photos, or a .npy of your own vectors", placeholder="/home/you/photos")
        form = st.selectbox("Form", [_AS_FOUND, *FORMS, "vectors"], help=_FORM_HELP)
        labels = st.text_input(
            "File of true models (optional)",
            help="One model per line in the order of the sorted paths, a CSV with the columns path and model, or a "
            ".npy of either. A labels_true or labels file beside the photos, also in a zip, is read automatically.",
        )
        encoding = _choose_encoding("Encoding of tables and labels")
        if not st.form_submit_button("Open", type="primary", icon=":material/folder_open:"):
            return
    if not unquoted(folder):
        raise ShopsimError("No folder was named; type the path of a folder of photos.")
    opened = existing_path(folder)
    attached = str(existing_path(labels)) if unquoted(labels) else None
    recent = Recent(str(opened), None if form == _AS_FOUND else form, attached, encoding)
    if may_change():
        remember(recent)
    _open(recent)


def upload_zip() -> None:
    """A zip of photos becomes a folder in `workspace/uploads`."""
    st.subheader("Upload a zip of photos")
    if not may_change():
        st.caption(WHY_NOT)
        return
    with st.form("upload", border=True, clear_on_submit=True):
        file = st.file_uploader("Zip file", type=["zip"])
        name = st.text_input("Name (optional)", placeholder="as the zip file is called")
        encoding = _choose_encoding("Encoding of file names")
        wanted = st.form_submit_button("Unpack and open", icon=":material/upload:")
    if not wanted:
        _show_left_out()
        return
    if file is None:
        raise ShopsimError("No zip file was chosen; choose one first.")
    folder = _free_folder(name.strip() or Path(file.name).stem)
    with st.spinner("Unpacking…"):
        report = changes(unpack_zip)(file, folder, encoding=encoding)
    st.session_state["left-out"] = (str(folder), [Problem(one.name, one.reason) for one in report.problems])
    st.session_state["names-read"] = (str(folder), report.told)
    remember(Recent(str(folder)))
    _open(Recent(str(folder)))


def _choose_encoding(label: str) -> str | None:
    """Asks for the encoding of text that does not say its own; None to detect it."""
    titles: dict[str | None, str] = {None: "detect it", **ENCODINGS}
    return st.selectbox(label, list(titles), format_func=titles.get, help=_ENCODING_HELP)


def show_recent(choice: Choice) -> None:
    """Lists the folders opened lately."""
    st.subheader("Opened lately")
    if why := why_not_kept():
        st.caption(f"{as_written(why)} This list is forgotten when the server ends.")
    known = [recent for recent in recent_catalogs() if may_open(recent.folder)]
    for recent in [Recent(DEMO), *known]:
        folder = recent.folder
        name, open_it, forget_it = st.columns([8, 1, 1], vertical_alignment="center")
        current = " · open now" if folder == choice.folder else ""
        name.markdown(f"**{DEMO_NAME}**{current}" if folder == DEMO else f"**{as_written(folder)}**{current}")
        if open_it.button("Open", key=f"open-{folder}", width="stretch", disabled=bool(current)):
            _open(recent)
        off = not may_change()
        if folder != DEMO and forget_it.button("Forget", key=f"forget-{folder}", width="stretch", disabled=off):
            changes(forget)(folder)
            st.rerun()


def _open(recent: Recent) -> None:
    """Goes on with another catalogue, with the same extractors or tuned settings and otherwise the defaults."""
    last = st.session_state["choice"]
    chosen = Choice(recent.folder, recent.form, recent.labels, recent.encoding)
    kept = {"extractor": last.extractor, "extractor_settings": last.extractor_settings, "tuned": last.tuned}
    take_choice(replace(chosen, **kept, added=last.added, share=last.share, automatic=last.automatic))


def _free_folder(name: str) -> Path:
    clean = _shortened(re.sub(r"[^\w .()-]", "_", name).strip(" .")) or "upload"
    uploads = uploads_dir()
    number = 1
    while (uploads / (clean if number == 1 else f"{clean} {number}")).exists():
        number += 1
    return uploads / (clean if number == 1 else f"{clean} {number}")


def _shortened(name: str) -> str:
    """Shortens a name by bytes, since most disks take at most 255: 80 characters may be 320 bytes."""
    return name.encode()[:_NAME_BYTES].decode(errors="ignore").strip(" .")


def _show_left_out() -> None:
    """Says which files of the zip were left out, if the zip unpacked last is the catalogue that is open."""
    folder, told = st.session_state.get("names-read", ("", ""))
    if told and folder == st.session_state["choice"].folder:
        st.caption(as_written(f"{told}. If they look wrong, choose the encoding and upload the zip again."))
    folder, left_out = st.session_state.get("left-out", ("", []))
    if left_out and folder == st.session_state["choice"].folder:
        with st.expander(f"{counted(len(left_out), 'file')} of the zip left out"):
            show_problems(left_out, "zip_left_out.csv")
