"""Offers the groups in forms that other programs open: Parquet, the Embedding Projector, folders of photos."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk.disk_room import byte_count
from shopsim.base.disk.store import digest_of
from shopsim.base.paths import cache_dir
from shopsim.base.work.lanes import PICTURES
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.handed_on.group_folders import bytes_of_photos
from shopsim.grouping.handed_on.packs import Kind, Pack, make_kept_pack
from shopsim.grouping.handed_on.parquet import parquet_of
from shopsim.tuning.settings import plain_name
from shopsim.ui.guard import callback
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.server import jobs
from shopsim.ui.waiting import result_beside

_TITLES: dict[Kind, str] = {
    "projector": "For the Embedding Projector",
    "one": "One photo per group, in folders",
    "all": "All photos, in folders",
}
_TOLD: dict[Kind, str] = {
    "projector": "A zip that TensorFlow's Embedding Projector opens: vectors, metadata and small pictures. "
    "It has a README.",
    "one": "A zip with a folder per group, and in it the most central photo of the group.",
    "all": "A zip with a folder per group, and in it all photos of the group as they are.",
}
_MAKING: dict[Kind, str] = {
    "projector": "Making the pack for the Embedding Projector",
    "one": "Packing one photo per group",
    "all": "Packing all photos",
}
# A download passes through the server's memory.
_MOST_BYTES = 500 * 10**6


def offer_packs(grouping: Grouping) -> None:
    """Asks which pack is wanted, makes it, and offers it."""
    name = plain_name(grouping.fitted.catalog.name) or "catalogue"
    with st.expander("For other programs"):
        st.download_button(
            "Download as Parquet",
            lambda: parquet_of(grouping),
            file_name=f"groups-{name}.parquet",
            on_click="ignore",
            icon=":material/table:",
            help="The columns of the CSV with their types, for pandas, Spark, DuckDB and the like.",
        )
        kind = st.segmented_control("Pack", list(_TITLES), key="pack-kind", format_func=_TITLES.get)
        if kind is not None:
            _offer(kind, grouping, name)


def _offer(kind: Kind, grouping: Grouping, name: str) -> None:
    n_bytes = 0 if kind == "projector" else bytes_of_photos(grouping, kind)
    st.caption(f"{_TOLD[kind]}{f' About {byte_count(n_bytes)}.' if n_bytes else ''}")
    if n_bytes > _MOST_BYTES:
        st.info(f"This is too large for a browser. The command `export` writes it to a disk, with `--photos {kind}`.")
        return
    key = digest_of("pack", kind, *grouping.cut)
    if jobs().get(key) is None:
        st.button("Make the zip", key=f"make-{key}", on_click=callback(_ask), args=(key,))
        if st.session_state.get("pack-asked") != key:
            return
    path = cache_dir() / "packs" / f"{key}.zip"

    def work(report: Progress) -> Pack:
        return apart(make_kept_pack, kind, grouping, path, lane=PICTURES, progress=report)

    done, pack = result_beside(key, _MAKING[kind], work)
    if not done:
        return
    if not path.is_file():
        jobs().forget(key)
        st.info("The zip was removed, since a pack is kept for an hour. Make it again.")
        return
    st.markdown(pack.told)
    if pack.problems:
        show_problems(pack.problems, "not-in-the-zip.csv")
    st.download_button(
        f"Download the zip ({byte_count(path.stat().st_size)})",
        path.read_bytes,
        file_name=f"{'projector' if kind == 'projector' else 'groups'}-{name}.zip",
        mime="application/zip",
        icon=":material/folder_zip:",
        on_click="ignore",
    )


def _ask(key: str) -> None:
    st.session_state["pack-asked"] = key
