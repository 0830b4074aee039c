"""Shows what learning gained on held-out models: scores, and the models that changed, with photos."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import streamlit as st

from shopsim.catalog.catalog import Catalog
from shopsim.learning.read_back import HeldOut, KeptSide
from shopsim.ui.parts.model_change import TwoGroupings, show_changed
from shopsim.ui.parts.tables import show_table
from shopsim.ui.parts.texts import counted
from shopsim.ui.tuned_settings import told

_MOST_MODELS = 10


def show_compared(held_out: HeldOut, learnt: frozenset[str], catalog: Catalog, key: str) -> None:
    """Shows the comparison. learnt: the models that were learnt from; catalog: the open one; key: of the widgets."""
    st.markdown(verdict(held_out))
    _show_scores(held_out)
    _show_models(held_out, learnt, catalog, key)


def verdict(held_out: HeldOut) -> str:
    """Says in a sentence or two whether learning was worth it."""
    before, after = held_out.before.ari, held_out.after
    sentence = (
        f"On **{counted(held_out.n_models, 'model')} held out** of everything, "
        f"{counted(len(held_out.image_ids), 'photo')}, the ARI is **{told(after.ari)}**; before it was "
        f"**{told(before)}**."
    )
    if after.low is not None and after.high is not None and after.low <= before <= after.high and before != after.ari:
        interval = f"{told(after.low)} to {told(after.high)}"
        sentence += f" With so few models the difference may be chance: the 95 % interval of the ARI is {interval}."
    return sentence


def _show_scores(held_out: HeldOut) -> None:
    """Shows the scores before and after, and the contest baseline."""
    before, after = held_out.before, held_out.after
    rows = [_row("before", before), _row("after learning", after)]
    rows += [{"": "contest baseline", "ARI": held_out.baseline_ari}]
    number = st.column_config.NumberColumn
    columns = {name: number(name, format="%.3f") for name in ("ARI", "recall@1")}
    frame = pd.DataFrame(rows, columns=["", "ARI", "95 % interval", "recall@1"])
    show_table(frame, column_config=columns, placeholder="–", width="content")
    st.caption(
        "Before: grouped by _Auto_ without the learning; it chose its settings on the other models. Recall@1: how "
        "often the nearest photo shows the same model, in the space with the largest weight. Baseline: K-means on the "
        "features."
    )


def _row(name: str, side: KeptSide) -> dict[str, Any]:
    interval = f"{told(side.low)} – {told(side.high)}" if side.low is not None else None
    return {"": name, "ARI": side.ari, "95 % interval": interval, "recall@1": side.recall_at_1}


def _show_models(held_out: HeldOut, learnt: frozenset[str], catalog: Catalog, key: str) -> None:
    rows = held_out.rows_in(catalog, learnt)
    if rows is None:
        st.caption(
            "To see the models that changed, open the catalogue it was learnt from, with the same photos and labels."
        )
        return
    images = [catalog.images[row] for row in rows]
    labels = np.array(held_out.before.labels_pred), np.array(held_out.after.labels_pred)
    two = TwoGroupings(catalog, images, catalog.labels_true[rows], labels, ("Before", "After"), ("before", "after"))
    show_changed(two, f"{key}-models", "Gained", "Lost", _MOST_MODELS)
