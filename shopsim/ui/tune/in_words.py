"""Says in words how good the groups are: the scores per 100 pairs, and the contest's baseline beside them."""

from __future__ import annotations

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.job import Job
from shopsim.base.work.lanes import SEARCH
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.grouping import NOTHING_TUNED, Grouping
from shopsim.scoring.contest_baseline import PHOTOS_PER_GROUP, contest_labels
from shopsim.scoring.evaluation import Evaluation, PairCounts, evaluate
from shopsim.tuning.built_in.look import blind_of
from shopsim.ui.guard import polled
from shopsim.ui.quick_look import is_quick_look
from shopsim.ui.server import jobs
from shopsim.ui.spare_cache import cache_folder
from shopsim.ui.tune.estimates import NOT_MEASURED
from shopsim.ui.tune.scores import tuned_in_words
from shopsim.ui.waiting import describe, offer_stop

# K-means of so many photos takes half a minute of one processor; of more, the visitor finds it on Compare.
_MOST_PHOTOS = 8_000
_PATIENCE_S = 0.05


def show_in_words(grouping: Grouping) -> None:
    """Says what precision and recall mean, measured or expected, and what the contest's baseline reaches."""
    scores, blind = grouping.evaluation, blind_of(grouping.fitted)
    if scores is not None:
        st.markdown(f"{pairs_in_words(scores.pairs)} {tuned_in_words(grouping)}")
        _show_baseline(grouping, scores)
    elif blind is not None:
        found = blind.expected.at(grouping.value)
        st.markdown(
            f"Expected, not measured: of 100 pairs put together about **{in_hundred(found.precision.value)}** show the "
            f"same model; of 100 pairs that belong together about **{in_hundred(found.recall.value)}** are found.",
            help=NOT_MEASURED,
        )
    else:
        st.markdown(
            "No photo has a true model, so nobody can say how many pairs are right. Look at the groups and judge."
        )


def pairs_in_words(pairs: PairCounts) -> str:
    """Writes precision and recall per 100 pairs."""
    if pairs.tp + pairs.fp == 0:
        together = "No two photos were put together."
    else:
        together = f"Of 100 pairs put together **{in_hundred(pairs.precision)}** show the same model."
    if pairs.tp + pairs.fn == 0:
        return f"{together} No two photos belong together."
    return f"{together} Of 100 pairs that belong together **{in_hundred(pairs.recall)}** were found."


def in_hundred(share: float) -> str:
    """Writes a share as a number of 100; only all are 100, and only none are 0."""
    if share >= 0.995:
        return "100" if share >= 1 else "more than 99"
    if share < 0.005:
        return "0" if share <= 0 else "less than 1"
    return f"{share * 100:.0f}"


def _show_baseline(grouping: Grouping, now: Evaluation) -> None:
    """Shows the contest's baseline on the same photos, as soon as it is computed; not beside a quick look."""
    features, n_photos = grouping.fitted.features, len(grouping.labels_pred)
    if is_quick_look() or n_photos < 2 or n_photos > _MOST_PHOTOS:
        return
    catalog, cache = grouping.fitted.catalog, cache_folder()
    key = digest_of("contest on all", features.key, catalog.shown_digest, n_photos)

    def work(report: Progress) -> Evaluation:
        labels = apart(contest_labels, features.raw, cache, lane=SEARCH, progress=report)
        return evaluate(catalog.labels_true, labels, NOTHING_TUNED)

    job = jobs().ensure(key, "Grouping as the contest's baseline does", work)
    job.wait(_PATIENCE_S)
    if job.state == "done":
        st.markdown(f"{before_and_now(job.result, now)} {tuned_in_words(grouping)}", help=_BASELINE_HELP)
    elif job.state == "running":
        _watch(job, key)


_BASELINE_HELP = (
    f"The contest's public method: K-means on the same extractor's features, one group per {PHOTOS_PER_GROUP} photos. "
    "ARI is the adjusted Rand index: 1 is perfect, 0 is as good as chance."
)


def before_and_now(before: Evaluation, now: Evaluation) -> str:
    """Writes the ARI of the baseline and of these groups."""
    return f"Before, with the contest's baseline: ARI {before.ari:z.3f}. Now: ARI **{now.ari:z.3f}**."


@polled(seconds=1.0)
def _watch(job: Job, key: str) -> None:
    if job.state != "running":
        st.rerun()
    with st.container(horizontal=True, vertical_alignment="center"):
        st.caption(f"The contest's baseline is being computed, to compare with ({describe(job)}).")
        offer_stop(job, key, "baseline")
