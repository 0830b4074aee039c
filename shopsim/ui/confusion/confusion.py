"""The Confusion page: wrong pairs of the groups, compared with the true models."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import streamlit as st
from scipy.sparse import csr_array

from shopsim.grouping.grouping import Grouping
from shopsim.scoring.confusion import contingency_csv
from shopsim.ui.page import Opened
from shopsim.ui.parts.texts import counted
from shopsim.ui.waiting import ask_for_models


@dataclass(frozen=True)
class Mixed:
    """A cut whose photos have true models."""

    grouping: Grouping

    @property
    def table(self) -> csr_array:
        """The contingency table: (n_models, n_groups) photos."""
        return self.grouping.confusion.table

    @property
    def wrong_pairs(self) -> int:
        """The number of pairs wrongly together or wrongly apart."""
        scores = self.grouping.evaluation
        return 0 if scores is None else scores.pairs.fp + scores.pairs.fn

    @cached_property
    def names(self) -> list[str]:
        """The name of each model."""
        catalog = self.grouping.fitted.catalog
        return [catalog.model_name(model) for model in catalog.models]

    @cached_property
    def sizes(self) -> np.ndarray:
        """(n_groups,) photos of each group, with those of no known model."""
        return np.bincount(self.grouping.labels_pred)

    def share(self, wrong_pairs: int) -> str:
        """Writes a number of wrong pairs as a share of all, in percent."""
        return f"{wrong_pairs / max(self.wrong_pairs, 1):.1%}"


def has_models(opened: Opened, what: str = "Confusion compares the groups with true models") -> bool:
    """Whether any photo has a true model; if not, the page says how to add some. what: the purpose of the page."""
    if opened.fitted.catalog.labels_true is not None:
        return True
    ask_for_models(what)
    return False


def show_cost(mixed: Mixed) -> None:
    """Shows how many pairs are wrong, by kind."""
    scores = mixed.grouping.evaluation
    if mixed.wrong_pairs == 0:
        st.success(
            f"Everything is right: {counted(scores.n_groups, 'group')}, each of one model, "
            "and no model is in more than one group.",
            icon=":material/check_circle:",
        )
        return
    pairs, columns = scores.pairs, st.columns(4)
    columns[0].metric("Wrong pairs", f"{mixed.wrong_pairs:,}", border=True)
    merged_help = "Pairs of photos of two models in one group: what merges cost."
    columns[1].metric("Wrongly together", f"{pairs.fp:,}", help=merged_help, border=True)
    split_help = "Pairs of photos of one model in two groups: what splits cost."
    columns[2].metric("Wrongly apart", f"{pairs.fn:,}", help=split_help, border=True)
    tuned_on = f"{mixed.grouping.fitted.control.name}: {mixed.grouping.tuned_on}."
    columns[3].metric("ARI", f"{scores.ari:z.3f}", help=tuned_on, border=True)


def offer_contingency(mixed: Mixed) -> None:
    """Draws a button for the table as CSV; the file is made on the click."""
    st.download_button(
        "Download the matrix as CSV",
        lambda: contingency_csv(mixed.table, mixed.grouping.fitted.catalog.models, mixed.names),
        file_name="confusion.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )
