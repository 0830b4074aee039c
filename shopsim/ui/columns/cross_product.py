"""Scores of the pairs of different products, beside the scores of all pairs."""

from __future__ import annotations

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.cross_product import cross_product_pairs
from shopsim.ui.parts.tables import show_table

_TOLD = (
    "Photos of one product come from one seller and are easy to join. The second line counts only pairs of photos of "
    "different products."
)


def show_cross_product(grouping: Grouping) -> None:
    """Draws both lines; nothing where no two photos of one model are of different products."""
    catalog, scores = grouping.fitted.catalog, grouping.evaluation
    pairs = cross_product_pairs([image.product for image in catalog.images], catalog.labels_true, grouping.labels_pred)
    if pairs is None or scores is None:
        return
    st.caption(_TOLD)
    both = {"All pairs": scores.pairs, "Pairs of different products": pairs}
    show_table(
        [
            {
                "pairs": name,
                "pair precision": round(counts.precision, 3),
                "pair recall": round(counts.recall, 3),
                "pair F1": round(counts.f1, 3),
                "rightly together": counts.tp,
                "wrongly together": counts.fp,
                "wrongly apart": counts.fn,
            }
            for name, counts in both.items()
        ]
    )
