"""Shows what is known about the open catalogue, and what the cache holds."""

from __future__ import annotations

import re
from collections import Counter

import streamlit as st

from shopsim.base.disk.disk_room import byte_count
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.labels.contradictions import contradiction_sentence
from shopsim.learning.lock import is_held
from shopsim.ui.access.rights import WHY_NOT, changes, may_change
from shopsim.ui.choice import DEMO, DEMO_NAME, Choice, to_address
from shopsim.ui.compute import open_choice
from shopsim.ui.guard import shown_errors
from shopsim.ui.parts.gallery import thumbnails
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.parts.tables import show_listing, show_table
from shopsim.ui.parts.texts import as_written, counted, problems_title
from shopsim.ui.server import jobs, store
from shopsim.ui.spare_cache import cache_folder, why_spare

_FORM_NAMES = {
    "table": "a table",
    "contest": "contest file names",
    "folders": "folders of models",
    "split-folders": "folders of models in parts for training and test",
    "lowest-folders": "folders of models, equal names being one model",
    "inner-folders": "folders of models below a top folder that does not count",
    "middle-folders": "folders of models between a top folder and subfolders that do not count",
    "upper-folders": "folders of models with subfolders",
    "plain": "plain photos",
    "vectors": "own vectors",
}
_KINDS = {
    "features": "Feature rows",
    "converted": "Networks as OpenVINO runs them",
    "vectors": "Vectors in their space",
    "spaces": "Fitted spaces, for new photos",
    "trees": "Merge trees",
    "expected": "Estimates without labels",
    "trials": "Trials of Auto",
    "baselines": "Groups of the public baseline",
    "activations": "Photos prepared for learning",
    "trainings": "Epochs of training, from which a stopped training continues",
    "points": "Map points",
    "neighbours": "Nearest photos",
    "leaderboard": "Scores of the leaderboard",
    "matching": "Trials of Match",
    "incoming": "New photos that were sent to be matched",
    "digests": "Digests of photos",
    DEMO: DEMO_NAME,
    "thumbnails": "Thumbnails (a person who reaches this server and knows the name of one can fetch it)",
}
_OF_LEARNING = ("activations", "trainings")
# One folder for each version of the drawings.
_DEMO_FOLDER = re.compile(r"demo-\d+")


def show_opened(choice: Choice) -> None:
    """Shows form, counts, categories, copies, and every file that was left out with its reason."""
    with shown_errors():
        catalog = open_choice(choice)
    st.subheader(as_written(catalog.name))
    st.markdown(f"Recognised as **{_FORM_NAMES[catalog.form]}**, because {as_written(catalog.reason)}.")
    low, median, high = catalog.photos_per_model()
    labelled = sum(image.model is not None for image in catalog.images)
    columns = st.columns(5)
    columns[0].metric("Photos", f"{len(catalog.images):,}", border=True)
    columns[1].metric("True models", f"{len(catalog.models):,}", border=True)
    each = f"{low:,} – {high:,}" if low < high else f"{low:,}"
    columns[2].metric("Photos per model", each if labelled else "–", border=True)
    columns[3].metric("Median", f"{median:g}" if labelled else "–", border=True)
    columns[4].metric("Byte-equal copies", f"{catalog.n_copies:,}", border=True)
    if 0 < labelled < len(catalog.images):
        have = "has" if labelled == 1 else "have"
        st.caption(f"{counted(labelled, 'photo')} {have} a true model; the others are grouped and not scored.")
    told = contradiction_sentence(catalog)
    if told:
        st.warning(as_written(f"{told} The sidebar of the other pages chooses which of them are scored."))
    if len(catalog.images) >= 2:
        address = to_address(choice)
        st.page_link("app.py", label="Go on: group these photos", icon=":material/arrow_forward:", query_params=address)
    if len(catalog.images) < 2:
        st.warning("Grouping needs at least 2 photos that can be used.")
    elif not catalog.models:
        st.caption("No true models are known: everything works except the scores. Attach a file of true models above.")
    _show_tables(catalog)


def _show_tables(catalog: Catalog) -> None:
    if catalog.problems:
        with st.expander(f"{problems_title(catalog.problems)}, each with its reason", expanded=True):
            show_problems(catalog.problems, "left_out.csv")
    if not catalog.n_left_out:
        st.caption("No file was left out.")
    if catalog.categories:
        counts = Counter(image.category for image in catalog.images)
        models = {c: {i.model for i in catalog.images if i.category == c and i.model} for c in catalog.categories}
        with st.expander(f"{len(catalog.categories)} categories"):
            rows = [{"category": c, "photos": counts[c], "models": len(models[c])} for c in catalog.categories]
            show_table(rows)
    if catalog.n_copies:
        with st.expander(f"{counted(len(catalog.copies), 'set')} of byte-equal photos"):
            show_listing(catalog.copies, lambda ids: {"photos": len(ids), "files": ", ".join(ids)}, "copies.csv")
    if catalog.contradictions:
        model_of = {image.image_id: image.model or "" for image in catalog.images}
        with st.expander(f"{counted(len(catalog.contradictions), 'set')} of byte-equal photos under different models"):
            show_listing(
                catalog.contradictions,
                lambda ids: {"files": ", ".join(ids), "models": ", ".join(model_of[each] for each in ids)},
                "contradictions.csv",
            )
    if catalog.models:
        counts = Counter(image.model for image in catalog.images if image.model is not None)
        with st.expander(counted(len(catalog.models), "true model")):
            show_listing(
                counts.most_common(),
                lambda found: {"model": found[0], "name": catalog.model_name(found[0]), "photos": found[1]},
                "true_models.csv",
            )


def show_cache() -> None:
    """Lists the kinds of cache entries with their size, and a button to clear each kind."""
    st.subheader("Cache")
    if why := why_spare():
        st.warning(f"{as_written(why)} What is computed is kept in `{cache_folder()}` until the server ends.")
    st.caption(f"`{cache_folder()}` holds what can be computed again; clearing it loses nothing but time.")
    learning = is_held(cache_folder())
    for kind, (n_files, n_bytes) in _sizes().items():
        name, size, clear = st.columns([5, 4, 1], vertical_alignment="center")
        name.markdown(_KINDS[kind])
        size.markdown(f"{byte_count(n_bytes)} in {counted(n_files, 'file')}")
        in_use = learning and kind in _OF_LEARNING
        why = "A training that uses these files is running." if in_use else None
        off = not n_files or in_use or not may_change()
        why = why if may_change() else WHY_NOT
        if clear.button("Clear", key=f"clear-{kind}", disabled=off, help=why, width="stretch"):
            with shown_errors(ends_page=False):
                _clear(kind)
                st.rerun()


def _sizes() -> dict[str, tuple[int, int]]:
    """Counts (files, bytes) of each of _KINDS that is not empty; other folders are left alone."""
    sizes = {"thumbnails": thumbnails().size()}
    for folder, (n_files, n_bytes) in store().sizes().items():
        kind = _kind(folder)
        before = sizes.get(kind, (0, 0))
        sizes[kind] = before[0] + n_files, before[1] + n_bytes
    return {kind: sizes[kind] for kind in _KINDS if kind in sizes}


def _kind(folder: str) -> str:
    return DEMO if _DEMO_FOLDER.fullmatch(folder) else folder


@changes
def _clear(kind: str) -> None:
    if kind == "thumbnails":
        thumbnails().clear()
    else:
        for folder in store().sizes():
            if _kind(folder) == kind:
                store().clear(folder)
    jobs().clear()
