"""Shows where to look first: buttons for the groups and models with the most wrong pairs."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.ui.guard import callback
from shopsim.ui.map.colours import Coloured, show_group_on_map, show_model_on_map
from shopsim.ui.parts.texts import as_written, counted

_ENTRIES = 4
_SMALLEST = 3
_LONGEST = 300


def show_hints(coloured: Coloured) -> None:
    """Draws buttons that colour the map by the worst groups and models."""
    with st.container(gap="xsmall"):
        if coloured.verdicts is None:
            _loosest_groups(coloured.grouping)
        else:
            _costliest(coloured)


def _costliest(coloured: Coloured) -> None:
    catalog = coloured.grouping.fitted.catalog
    confusion = coloured.grouping.confusion
    joined, divided = confusion.merges[:_ENTRIES], confusion.splits[:_ENTRIES]
    if joined:
        st.markdown("**Different models in one group**")
    for merge in joined:
        counts = zip(merge.models, merge.counts, strict=True)
        names = ", ".join(f"{catalog.model_name(catalog.models[model])} {count:,}" for model, count in counts)
        _button(f"Group {merge.group}", merge.wrong_pairs, names, show_group_on_map, merge.group)
    if divided:
        st.markdown("**One model in several groups**")
    for split in divided:
        model = catalog.models[split.model]
        counts = zip(split.groups, split.counts, strict=True)
        places = ", ".join(f"group {group}: {count:,}" for group, count in counts)
        _button(catalog.model_name(model), split.wrong_pairs, places, show_model_on_map, model)


def _button(label: str, wrong_pairs: int, places: str, show: Callable[..., None], argument: int | str) -> None:
    explained = f"{counted(wrong_pairs, 'wrong pair')}: {_shorten(places)}"
    _link(f"{label} · {counted(wrong_pairs, 'pair')}", explained, show, argument)


def _link(label: str, explained: str, show: Callable[..., None], argument: int | str) -> None:
    key = f"map-hint-{show.__name__}-{argument}"
    st.button(
        as_written(label),
        key=key,
        help=as_written(explained),
        on_click=callback(show),
        args=(argument,),
    )


def _shorten(text: str) -> str:
    """Cuts a long text off with an ellipsis."""
    return text if len(text) <= _LONGEST else text[:_LONGEST] + " …"


def _loosest_groups(grouping: Grouping) -> None:
    sizes = np.bincount(grouping.labels_pred)
    # Each group's most central photo counts with its similarity of 1 to itself; leave it out.
    sums = np.bincount(grouping.labels_pred, grouping.representatives.similarity) - 1
    large = np.flatnonzero(sizes >= _SMALLEST)
    likeness = sums[large] / (sizes[large] - 1)
    order = np.argsort(likeness, kind="stable")[: 2 * _ENTRIES]
    if len(order):
        st.markdown("**Groups that hold together least**")
    for group, mean in zip(large[order].tolist(), likeness[order].tolist(), strict=True):
        explained = f"{sizes[group]:,} photos, on average {mean:.0%} similar to the most central one"
        _link(f"Group {group} · {mean:.0%} similar", explained, show_group_on_map, group)
