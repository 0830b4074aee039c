"""The list of uploads on the Catalogs page: how large they are, and a button to delete each."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import streamlit as st

from shopsim.base.disk.disk_room import byte_count
from shopsim.base.errors import ShopsimError
from shopsim.catalog.zips.upload_list import Upload, delete_upload, describe_upload, upload_folders
from shopsim.learning.process import UNDER_WAY, watched
from shopsim.ui.access.rights import changes, may_change
from shopsim.ui.address import take_choice
from shopsim.ui.choice import Choice
from shopsim.ui.guard import shown_errors
from shopsim.ui.parts.recent import forget
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import jobs

_MOST_SHOWN = 50


def show_uploads(choice: Choice) -> None:
    """Lists all uploads with date, photos and size, the latest first."""
    folders = upload_folders()
    if not folders:
        return
    st.subheader("Uploads")
    for folder in folders[:_MOST_SHOWN]:
        with shown_errors(ends_page=False):
            _show_one(_described(str(folder), folder.lstat().st_mtime_ns), choice)
    if len(folders) > _MOST_SHOWN:
        st.caption(f"{counted(len(folders) - _MOST_SHOWN, 'older one')} not shown.")


@st.cache_data(max_entries=256, show_spinner=False)
def _described(folder: str, changed: int) -> Upload:
    """Describes an upload, once: it never changes, and listing 10,000 photos takes 0.1 s."""
    return describe_upload(Path(folder))


def _show_one(upload: Upload, choice: Choice) -> None:
    text, size, delete = st.columns([5, 4, 1.4], vertical_alignment="center")
    name, current = upload.folder.name, Path(choice.folder) == upload.folder
    text.markdown(f"**{as_written(name)}**{' · open now' if current else ''}")
    day = datetime.fromtimestamp(upload.uploaded).strftime("%Y-%m-%d %H:%M")
    size.markdown(f"{byte_count(upload.n_bytes)}, {counted(upload.n_photos, 'photo')}, {day}")
    if may_change():
        with delete.popover("Delete", width="stretch"):
            st.markdown("Its photos cannot be brought back, only uploaded again. Thumbnails stay until you clear them.")
            if st.button("Delete for good", key=f"delete-upload-{name}", type="primary"):
                _delete(upload.folder, choice)


@changes
def _delete(folder: Path, choice: Choice) -> None:
    """Deletes an upload, and closes it if it is open here. Raises ShopsimError while a job works with photos."""
    working = [job.title for job in jobs().running()]
    if watched().state in UNDER_WAY:
        working.append("A training")
    if working:
        raise ShopsimError(f"'{folder.name}' may be in use: {working[0]} is under way. Wait until it ends, or stop it.")
    delete_upload(folder.name)
    forget(str(folder))
    jobs().clear()
    st.toast(f"{as_written(folder.name)} is deleted.")
    if Path(choice.folder) == folder:
        take_choice(Choice(automatic=True))
    st.rerun()
