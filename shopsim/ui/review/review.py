"""Computes what the Review page shows: suspected labels, decisions, and the ARI with and without corrections."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.labels import noise_as_singletons
from shopsim.base.percent import in_full
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.group_table import similarity_to_representative
from shopsim.grouping.grouping import Grouping
from shopsim.review import LabelErrors
from shopsim.review.decisions import (
    ACCEPTED,
    REJECTED,
    Decision,
    Decisions,
    corrected,
    decide,
    read_decisions,
    take_back,
)
from shopsim.review.report import is_by_tree, label_errors_of
from shopsim.scoring.evaluation import evaluate
from shopsim.ui.access.rights import changes
from shopsim.ui.parts.texts import counted
from shopsim.ui.server import store
from shopsim.ui.waiting import result_of


@dataclass(frozen=True)
class Reviewed:
    """A grouping, the suspected errors in its labels, and the decisions on them.

    centrality: (n,) float64, the similarity of each photo to the most central photo of its true model.
    """

    grouping: Grouping
    errors: LabelErrors
    centrality: np.ndarray
    decisions: Decisions

    def decided(self, verdict: str) -> np.ndarray:
        """Returns the rows of photos that have that decision as they are labelled now, highest score first."""
        images = self.grouping.fitted.catalog.images
        found = [
            row
            for row, image in enumerate(images)
            if image.model is not None
            and (decision := self.decisions.get((image.digest, image.model))) is not None
            and decision.verdict == verdict
        ]
        rows = np.array(found, dtype=np.int64)
        return rows[np.argsort(-self.errors.score[rows], kind="stable")]

    def undecided(self, rows: np.ndarray) -> np.ndarray:
        """Returns those rows that have no decision yet."""
        settled = [self.decided(ACCEPTED), self.decided(REJECTED)]
        return rows[~np.isin(rows, np.concatenate(settled))]


def review_of(grouping: Grouping) -> Reviewed:
    """Finds the label errors of a grouping; with a merge tree they are the same at every cut."""
    fitted = grouping.fitted
    at = None if is_by_tree(grouping) else grouping.value
    key = digest_of("label-errors", fitted.key, fitted.catalog.folder, fitted.catalog.digest, at)

    here = store()

    def work(report: Progress) -> tuple[LabelErrors, np.ndarray]:
        errors = label_errors_of(grouping, report, apart, here)
        of_models = noise_as_singletons(fitted.catalog.labels_true)
        return errors, similarity_to_representative(of_models, fitted.vectors).similarity

    errors, centrality = result_of(key, "Looking for label errors", work)
    return Reviewed(grouping, errors, centrality, read_decisions(fitted.catalog))


def show_corrected_scores(reviewed: Reviewed) -> None:
    """Draws how many labels look wrong, and the ARI as labelled beside the ARI with accepted corrections."""
    catalog, scores = reviewed.grouping.fitted.catalog, reviewed.grouping.evaluation
    changed, n_accepted = corrected(catalog, reviewed.decisions)
    columns = st.columns(4)
    n_listed = len(reviewed.errors.suspects())
    listed_help = f"Photos with a score of at least {in_full(reviewed.errors.cutoff)}: the cut-off for this catalogue."
    columns[0].metric("Suspects", f"{n_listed:,}", help=listed_help, border=True)
    estimate_help = (
        "An estimate, calibrated by pretending that correctly labelled photos carry another label. Mistakes among "
        "similar models are harder to find, so not all of them are counted."
    )
    columns[1].metric("Wrong labels, estimated", f"{reviewed.errors.n_wrong:,.0f}", help=estimate_help, border=True)
    columns[2].metric("ARI as labelled", f"{scores.ari:z.3f}", border=True)
    after = evaluate(changed.labels_true, reviewed.grouping.labels_pred).ari
    columns[3].metric(f"ARI, {n_accepted:,} corrected", f"{after:z.3f}", border=True)
    if n_accepted:
        st.caption(
            f"ARI {scores.ari:z.3f} as labelled, {after:z.3f} with {counted(n_accepted, 'accepted correction')}. "
            "It changes this score and the CSV below, no file and no other page. To change the groups as well, correct "
            "them with the button on the card."
        )


@changes
def settle(reviewed: Reviewed, row: int, verdict: str, suggested: str | None) -> None:
    """Keeps a decision on a photo; call it from a callback."""
    catalog = reviewed.grouping.fitted.catalog
    image = catalog.images[row]
    decide(catalog, Decision(image.digest, str(image.model), verdict, suggested))


@changes
def unsettle(reviewed: Reviewed, row: int) -> None:
    """Takes the decision on a photo back; call it from a callback."""
    catalog = reviewed.grouping.fitted.catalog
    image = catalog.images[row]
    take_back(catalog, image.digest, str(image.model))
