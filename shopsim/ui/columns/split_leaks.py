"""Near-duplicates across parts of a split, as a list with both photos."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.catalog import Catalog
from shopsim.grouping.grouping import Fitted
from shopsim.review.split_leaks import NEAR, Leak, SplitLeaks, has_parts, leaks_after_whitening, split_leaks_csv
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.server import store
from shopsim.ui.waiting import result_of

_FIRST = 12
_HELP = (
    "If a photo of the test part has a near-duplicate in the training part, a score on the test part is too "
    "optimistic. Keep such photos in one part."
)


def show_split_leaks(fitted: Fitted) -> None:
    """Draws the list where the photos are in two parts or more; it is made when somebody opens it."""
    if not has_parts(fitted.catalog):
        return
    names = ", ".join(as_written(name) for name in fitted.catalog.columns["split"].values)
    if not st.toggle(f"Near-duplicates across the parts {names}", key="split-leaks", help=_HELP):
        return
    key, here = digest_of("split leaks", fitted.key, fitted.catalog.shown_digest, NEAR), store()

    def work(report: Progress) -> SplitLeaks:
        return apart(leaks_after_whitening, fitted, here, progress=report)

    _show(fitted.catalog, result_of(key, "Comparing the parts", work))


def _show(catalog: Catalog, found: SplitLeaks) -> None:
    if not found.leaks:
        st.success(f"No two photos of different parts are {NEAR:.0%} similar or more.", icon=":material/check_circle:")
        return
    n_copies = sum(leak.is_copy for leak in found.leaks)
    in_parts = ", ".join(f"{as_written(name)} {count:,}" for name, count in found.n_photos.items())
    st.markdown(
        f"**{counted(len(found.leaks), 'pair')}** of photos in different parts are {NEAR:.0%} similar or more, "
        f"{n_copies:,} of them byte-equal. Photos concerned per part: {in_parts}."
    )
    st.download_button(
        "Download all pairs as CSV",
        lambda: split_leaks_csv(catalog, found.leaks),
        file_name="split_leaks.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
    places = st.columns(3)
    for number, leak in enumerate(found.leaks[:_FIRST]):
        with places[number % len(places)], st.container(border=True):
            _pair(catalog, leak)
    if len(found.leaks) > _FIRST:
        st.caption(f"The first {_FIRST} pairs are shown. The CSV has all of them.")


def _pair(catalog: Catalog, leak: Leak) -> None:
    one, other = catalog.images[leak.one], catalog.images[leak.other]
    gallery([Shown(one), Shown(other)], columns=2)
    what = "byte-equal" if leak.is_copy else f"{leak.similarity:.1%} similar"
    st.caption(
        as_written(f"{one.split}: {one.image_id}")
        + " · "
        + as_written(f"{other.split}: {other.image_id}")
        + f" · **{what}**"
    )
