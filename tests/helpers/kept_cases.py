"""Learnings that never were: diaries and cards written by hand, and a process that pretends to learn."""

import json
import sys
import time

from shopsim.base.paths import networks_dir
from shopsim.features.networks.trained import CARD
from shopsim.learning.process import watched
from shopsim.learning.progress_file import RUNNING, diary_path

WAIT_S = 60
CURVE = [
    {"loss": None, "ari": 0.7, "recall_at_1": 0.9, "map_at_r": 0.6},
    {"loss": 9.5, "ari": 0.8, "recall_at_1": 0.92, "map_at_r": 0.7},
    {"loss": 4.5, "ari": 0.78, "recall_at_1": 0.93, "map_at_r": 0.69},
]
# What `python -m shopsim learn` does, but for the learning.
PRETENDED = """
import signal, time
from shopsim.learning.progress_file import STOPPED, Diary
from shopsim.learning.lock import one_at_a_time
from shopsim.learning.network.passes import PassScore
from shopsim.base.paths import cache_dir
signal.signal(signal.SIGTERM, signal.default_int_handler)
with one_at_a_time(cache_dir()):
    diary = Diary("a key", "network", "pretended", {})
    try:
        report = diary.phase("Learning")
        report(0, 40)
        diary.score(PassScore(None, 0.7, 0.9, 0.6))
        report(10, 40)
        diary.score(PassScore(9.5, 0.8, 0.92, 0.7))
        time.sleep(60)
    except KeyboardInterrupt:
        diary.end(STOPPED, "Stopped as it was told.")
"""


def pretending(code=PRETENDED):
    """The command of a process that pretends to learn."""
    return [sys.executable, "-c", code]


def wait_for(*states):
    """How the learning is doing once it is in one of these states."""
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        now = watched()
        if now.state in states:
            return now
        time.sleep(0.05)
    raise TimeoutError(f"{now} is none of {states}")


def write_diary(state=RUNNING, **fields):
    """What a learning of some minutes ago may have left behind."""
    now = time.time()
    entry = {"pid": 2**22 - 1, "key": "a key", "what": "network", "catalog": "shoes", "started": now - 600}
    entry |= {
        "state": state,
        "phase": "Learning",
        "done": 20,
        "total": 80,
        "curve": CURVE,
        "sentence": "",
        "result": {},
        "asked": {},
    }
    entry |= {"updated": now - 60, "base": 0, "since": now - 120, **fields}
    diary_path().parent.mkdir(parents=True, exist_ok=True)
    diary_path().write_text(json.dumps(entry))


def side(labels_pred, ari, low=0.5, high=0.9):
    """One side of a comparison, as a card has it."""
    return {"ari": ari, "low": low, "high": high, "recall_at_1": 0.95, "labels_pred": labels_pred}


def comparison(image_ids, before, after, n_models):
    """Of held-out photos and their groups, as a card has it."""
    return {
        "n_images": len(image_ids),
        "n_models": n_models,
        "baseline_ari": 0.4,
        "before": side(before, 0.6),
        "after": side(after, 0.8),
        "image_ids": image_ids,
    }


def write_card(name="shoes-1", **fields):
    """A kept network without its weights."""
    card = {
        "what": "network",
        "catalog": "shoes",
        "parent": "mobilenet_v2",
        "made": "2026-05-04T10:20:30+00:00",
        "told": "After 1 pass of training, ARI on validation models rose from 0.700 to 0.800.",
        "n_images": 40,
        "n_models": 10,
        "models": ["m1", "m2"],
        "side": 224,
        "n_features": 1280,
        "passes": 1,
        "curve": CURVE,
        **fields,
    }
    folder = networks_dir() / name
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).write_text(json.dumps(card))
    return name
