"""The Learn page before a learning: what will happen, or why it cannot start, and the button that starts it."""

from __future__ import annotations

import sys

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work import lanes
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.features.networks.weights import obtain
from shopsim.learning.forecast import forecast
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.engine import Recipe
from shopsim.learning.prepare import NETWORK
from shopsim.learning.process import FAILED, KILLED, STOPPED, UNDER_WAY, Watched, start, watched
from shopsim.learning.task import Task, WeightsMissing, check_task
from shopsim.ui.access.rights import WHY_NOT, changes, may_change, require_change
from shopsim.ui.learn.fields import arguments, choose_task
from shopsim.ui.page import Photos
from shopsim.ui.parts.texts import as_written, counted, duration
from shopsim.ui.server import jobs
from shopsim.ui.trust import is_trusted
from shopsim.ui.waiting import ask_for_models, result_beside

_LABELS = {STOPPED: "Go on", KILLED: "Go on", FAILED: "Try again"}


def offer_learning(photos: Photos) -> None:
    """Shows the fields, what will happen, and the button; or one sentence on why nothing can be learnt."""
    st.subheader("What to learn")
    now = watched()
    if now.state in UNDER_WAY:
        st.info(
            "One learning at a time: two would compete for memory and cores. The next can start once this has ended."
        )
        return
    if photos.catalog.labels_true is None:
        ask_for_models("Learning needs true models")
        return
    task = choose_task(photos)
    try:
        check_task(task, photos.catalog)
    except WeightsMissing as error:
        _offer_weights(task, photos, str(error))
        return
    except ShopsimError as error:
        st.error(as_written(str(error)))
        return
    _say_what_will_happen(task, photos)
    if not may_change():
        st.info(f"{WHY_NOT} A learning can also be started on the server's machine, with `python -m shopsim learn`.")
    # The process could not ask.
    elif is_trusted(task.extractor, task.extractor_settings) and st.button(
        _label(now, task, photos), type="primary", icon=":material/play_arrow:", key="learn-start"
    ):
        changes(start)([sys.executable, "-m", "shopsim", "learn", *arguments(photos, task)])
        st.rerun()


def _offer_weights(task: Task, photos: Photos, missing: str) -> None:
    """Says why a network's weights are missing, and offers a button that fetches them from the Hub."""
    key = digest_of("weights", task.extractor, sorted(task.extractor_settings.items()))
    title = f"Fetching {task.extractor} from TensorFlow Hub"

    def fetch(report: Progress) -> None:
        apart(obtain, task.extractor, **task.extractor_settings, lane=lanes.NETWORK, progress=report)

    if st.session_state.get("learn-fetched") == key:
        if result_beside(key, title, fetch)[0]:
            # So that it can be fetched once more if it is gone by then.
            del st.session_state["learn-fetched"]
            jobs().forget(key)
            st.rerun()
        return
    st.error(as_written(missing))
    st.caption("A metric on features that need no weights can be learnt all the same.")
    if not may_change() or not is_trusted(task.extractor, task.extractor_settings):
        return
    if st.button("Fetch it from TensorFlow Hub", key="learn-fetch", icon=":material/download:"):
        require_change()
        st.session_state["learn-fetched"] = key
        st.rerun()


def _label(now: Watched, task: Task, photos: Photos) -> str:
    goes_on = now.entry is not None and now.entry.key == task.key(photos.catalog)
    return _LABELS.get(now.state, "Start") if goes_on else "Start"


def _say_what_will_happen(task: Task, photos: Photos) -> None:
    plan = forecast(task, photos.catalog)
    told = f"Learns from **{counted(plan.n_images, 'photo')} of {counted(plan.n_models, 'model')}**"
    if plan.n_held_out:
        told += f"; **{counted(plan.n_held_out, 'photo')} of {counted(plan.n_held_out_models, 'model')}** are held out"
    n_unknown = sum(image.model is None for image in photos.catalog.images)
    n_neither = len(photos.catalog.images) - plan.n_images - plan.n_held_out - n_unknown
    for count, why in ((n_unknown, "without a true model"), (n_neither, "in neither the train nor the test part")):
        if count:
            told += f"; {counted(count, 'photo')} {why} {'takes' if count == 1 else 'take'} no part"
    steps = [f"Features of all photos by {as_written(task.extractor)}, unless they are known."]
    if task.what == NETWORK:
        trained = ARCHITECTURES[task.extractor].depths[task.depth].told
        steps += [
            f"Each photo and {Recipe().n_views - 1} edited views of it go through the part of the network that is not "
            f"trained: about {duration(plan.prepare)}, {plan.view_bytes / 1e6:,.0f} MB in the cache.",
            f"Training, pass by pass, of {trained}: about {duration(plan.train)} at most and "
            f"{plan.training_bytes / 1e6:,.0f} MB. Further networks are trained without some of the models, and scored "
            "on those models after each pass. Training ends when these scores rise no more.",
        ]
    else:
        steps += ["_Auto_ tries metrics among the spaces, fitted to some models and judged on others."]
    steps += [
        f"{'_Auto_' if task.what == NETWORK else 'It'} chooses the settings that group best with it, and keeps them as "
        "tuned settings. This mostly takes a minute or two for some hundred photos, several minutes for thousands, and "
        f"{duration(task.seconds)} at most."
    ]
    if plan.n_held_out:
        steps += [
            "The held-out models are grouped with and without it. For the second, _Auto_ searches again, which takes "
            "as long as the first time."
        ]
    listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, 1))
    st.markdown(f"{told}.\n\n{listed}")
    st.caption(
        "The times are for two free cores. The learning runs in a process of its own: you may leave the page, close "
        "the browser, and stop it at any time. What is finished is kept, and the same learning goes on from there."
    )
