"""Draws the scores and sizes on the Tune page."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import numpy as np
import streamlit as st

from shopsim.catalog.catalog import Problem
from shopsim.grouping.grouping import Grouping
from shopsim.scoring.evaluation import Evaluation
from shopsim.ui.charts.style import size_histogram
from shopsim.ui.columns.cross_product import show_cross_product
from shopsim.ui.page import Opened
from shopsim.ui.parts.gallery import Shown, gallery
from shopsim.ui.parts.problem_list import show_problems
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import as_written, counted, problems_title
from shopsim.ui.tune.beside import offer_beside
from shopsim.ui.tune.unlabelled import show_unlabelled
from shopsim.ui.tuned_settings import show_tuned_scores

_STRIP_GROUPS = 6
_STRIP_PHOTOS = 8


def show_catalog_line(opened: Opened) -> None:
    """Describes the photos in one line, with the files that were left out."""
    catalog, grouped = opened.catalog, opened.fitted.catalog
    parts = [f"**{as_written(catalog.name)}**", counted(len(grouped.images), "photo")]
    if grouped.models:
        low, median, high = grouped.photos_per_model()
        each = f"{low:,} to {high:,} photos (median {median:g})" if low < high else counted(low, "photo")
        parts.append(f"{counted(len(grouped.models), 'true model')} of {each}")
        if len(grouped.models) == 1:
            parts.append("all of one model, so the scores mean nothing")
    else:
        parts.append("no true models known")
    if grouped.n_contradicted:
        parts.append(f"{grouped.n_contradicted:,} byte-equal photos under different models")
    st.markdown(" · ".join(parts))
    problems = [*catalog.problems, *opened.features.problems]
    if problems:
        _list_problems(problems_title(problems), problems, "left_out.csv")
    notes = () if opened.fitted.added is None else opened.fitted.added.notes
    if notes:
        _list_problems(
            f"{counted(len(notes), 'photo')} compared by the first extractor only", notes, "one_extractor.csv"
        )


def _list_problems(title: str, problems: Sequence[Problem], file: str) -> None:
    with st.expander(title):
        show_problems(problems, file)


def show_sentence(grouping: Grouping) -> None:
    """Explains the value of the control in words."""
    sizes = np.bincount(grouping.labels_pred)
    groups, n_single = counted(len(sizes), "group"), int((sizes == 1).sum())
    parts = [f"{_joined(grouping, groups)}."]
    if n_single:
        parts.append("1 group has a single photo." if n_single == 1 else f"{n_single:,} groups have a single photo.")
    if grouping.strict and grouping.evaluation is not None:
        parts.append(_against_loose(grouping, grouping.evaluation.ari))
    st.markdown(" ".join([*parts, tuned_in_words(grouping)]))
    show_tuned_scores()


def _against_loose(grouping: Grouping, strict_ari: float) -> str:
    """Says what strict costs or gains at this threshold."""
    loose = grouping.fitted.group(grouping.value, grouping.tuned_on).evaluation
    return f"ARI **{strict_ari:z.3f}**; without strict {loose.ari:z.3f} at this threshold."


def _joined(grouping: Grouping, groups: str) -> str:
    """Returns the sentence; groups: their number with the noun."""
    control, value = grouping.fitted.control, grouping.value
    if control.is_a_threshold and grouping.strict:
        return (
            f"Groups at least **{value:.1%}** similar are joined, and split until any two photos of one are: "
            f"**{groups}**"
        )
    if control.is_a_threshold:
        return f"Groups at least **{value:.1%}** similar are joined: **{groups}**"
    if control.measure != "similarity":
        return f"Groups with at least **{value:.1%}** {control.measure} are joined: **{groups}**"
    if control.kind == "similarity" and value >= 1:
        return f"Dense groups: **{groups}**"
    if control.kind == "similarity":
        return f"Dense groups, joined where they are at least **{value:.1%}** similar: **{groups}**"
    if control.kind == "resolution":
        return f"At {control.name.lower()} **{value:g}** the photos split into **{groups}**"
    return f"Split into **{groups}**"


def tuned_in_words(grouping: Grouping) -> str:
    """Says in italics what the control was tuned on."""
    control = grouping.fitted.control
    what = {"similarity": "Threshold", "count": "Number of groups"}.get(control.kind, control.name)
    what = what if control.measure == "similarity" else control.name
    return f"_{what}: {as_written(grouping.tuned_on)}._"


def show_scores(grouping: Grouping) -> None:
    """Shows the main numbers; without true models, those that need none."""
    scores = grouping.evaluation
    if scores is None:
        show_unlabelled(grouping)
        return
    columns = st.columns(5)
    columns[0].metric(
        "ARI", f"{scores.ari:z.3f}", help="Adjusted Rand index: 1 perfect, 0 as good as chance.", border=True
    )
    precision_help = "Of the pairs of photos put into one group, the share that show one model."
    columns[1].metric("Pair precision", f"{scores.pairs.precision:.1%}", help=precision_help, border=True)
    recall_help = "Of the pairs of photos that show one model, the share put into one group."
    columns[2].metric("Pair recall", f"{scores.pairs.recall:.1%}", help=recall_help, border=True)
    columns[3].metric("Groups found", f"{scores.n_groups:,}", border=True)
    columns[4].metric("True models", f"{scores.n_models:,}", border=True)
    n_photos = len(grouping.labels_pred)
    if scores.n_images < n_photos:
        st.caption(f"Scored on the {scores.n_images:,} of {n_photos:,} photos whose model is known; all are grouped.")
    _details(grouping, scores)


def _details(grouping: Grouping, scores: Evaluation) -> None:
    with st.expander("More scores"):
        values = {"Pair F1": scores.pairs.f1} | grouping.details
        columns = st.columns(len(values) + 1)
        for column, (name, value) in zip(columns, values.items(), strict=False):
            column.metric(name, f"{value:z.3f}")
        columns[-1].metric("Single photos", f"{scores.n_singletons:,}")
        pairs = scores.pairs
        st.caption(
            f"Pairs of photos: {pairs.tp:,} rightly together, {pairs.fp:,} wrongly together, "
            f"{pairs.fn:,} wrongly apart, {pairs.tn:,} rightly apart."
        )
        if grouping.by_category:
            show_table([_category_row(name, scored) for name, scored in grouping.by_category.items()])
        show_cross_product(grouping)
        offer_beside(grouping)


def _category_row(name: str, scores: Evaluation) -> dict[str, str | int | float]:
    return {
        "category": name,
        "ARI": round(scores.ari, 3),
        "pair precision": round(scores.pairs.precision, 3),
        "pair recall": round(scores.pairs.recall, 3),
        "groups": scores.n_groups,
        "models": scores.n_models,
        "photos": scores.n_images,
    }


def show_sizes(grouping: Grouping) -> None:
    """Shows the sizes of the groups."""
    st.markdown("**Sizes of the groups**")
    st.altair_chart(size_histogram(np.bincount(grouping.labels_pred)), key="sizes")


def show_largest_groups(grouping: Grouping) -> None:
    """Shows a strip of photos of each of the largest groups, the most central first."""
    catalog, central = grouping.fitted.catalog, grouping.representatives
    sizes = np.bincount(grouping.labels_pred)
    st.markdown("**The largest groups**")
    if catalog.models:
        st.caption("The most central photos of each. A black ✗ marks a photo of another model than most of its group.")
    columns = st.columns(2, gap="large")
    for number, group in enumerate(np.argsort(-sizes, kind="stable")[:_STRIP_GROUPS]):
        rows = np.flatnonzero(grouping.labels_pred == group)
        rows = rows[np.argsort(-central.similarity[rows], kind="stable")]
        # Sorted, so that the first of the most frequent models is always the same one.
        named = Counter(sorted(model for row in rows if (model := catalog.images[row].model) is not None))
        main, n_main = named.most_common(1)[0] if named else (None, 0)
        with columns[number % 2]:
            share = f" · {n_main / named.total():.0%} {as_written(catalog.model_name(main))}" if named else ""
            st.caption(f"Group {group} · {counted(sizes[group], 'photo')}{share}")
            gallery([_shown(grouping, row, main) for row in rows[:_STRIP_PHOTOS]], columns=_STRIP_PHOTOS)


def _shown(grouping: Grouping, row: int, main: str | None) -> Shown:
    image = grouping.fitted.catalog.images[row]
    wrong = main is not None and image.model is not None and image.model != main
    return Shown(image, kind="wrong" if wrong else "")
