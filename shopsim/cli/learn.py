"""`learn FOLDER --what metric|network` learns from labelled photos, and compares the grouping with the one before."""

from __future__ import annotations

import argparse
import signal
import time
from collections.abc import Callable
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.base.registry import Entry, Value
from shopsim.base.work.progress import Progress, silent
from shopsim.cli.opening import (
    DEFAULT_TOLD,
    add_catalog_arguments,
    describe,
    extractor_entry,
    open_catalog,
)
from shopsim.cli.options import add_depth
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.cli.settings import add_setting_options, chosen_settings
from shopsim.cli.terminal import say
from shopsim.cli.tuned_on import parse_minutes
from shopsim.features.extractors import extractors
from shopsim.features.extractors.efficientnet_lite0 import NAME as EFFICIENTNET_LITE0
from shopsim.grouping.companions import companion_features, companions_of
from shopsim.grouping.fit import features_of
from shopsim.learning.lock import one_at_a_time
from shopsim.learning.network.passes import PassScore
from shopsim.learning.prepare import BUDGET_MINUTES, METRIC, NETWORK
from shopsim.learning.progress_file import DONE, FAILED, STOPPED, Diary
from shopsim.learning.run import Learning, learn
from shopsim.learning.task import Task, check_task

SUMMARY = "Learn to tell models apart from labelled photos: train a metric on features, or a network."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_catalog_arguments(parser, f"for a network {EFFICIENTNET_LITE0}; for a metric {DEFAULT_TOLD}")
    parser.add_argument("--what", choices=(METRIC, NETWORK), required=True, help="what to learn")
    parser.add_argument(
        "--budget",
        metavar="MINUTES",
        type=parse_minutes,
        default=BUDGET_MINUTES,
        help="a pass of training that would end later is not begun; each of Auto's two searches may take as long again "
        f"({BUDGET_MINUTES:g})",
    )
    add_depth(parser)
    parser.add_argument("--name", metavar="NAME", default="", help="of the network (default: from the catalogue)")
    parser.add_argument(
        "--all-models", action="store_true", help="learn from every model: none is held out, so nothing is compared"
    )
    add_setting_options(parser, extractors)


def run(args: argparse.Namespace) -> Result:
    """Learns, keeps and compares; the progress file says how far it is, so that a page can show it."""
    if args.extractor is None and args.what == NETWORK:
        args.extractor = EFFICIENTNET_LITE0
    extractor = extractor_entry(args)
    (settings,) = chosen_settings(args, [extractor])
    # A request to end the process keeps what is finished, as Ctrl-C does.
    before = signal.signal(signal.SIGTERM, _interrupt)
    try:
        return _learn(args, extractor, settings)
    finally:
        signal.signal(signal.SIGTERM, before)


def _learn(args: argparse.Namespace, extractor: Entry[Any], settings: dict[str, Value]) -> Result:
    with one_at_a_time(cache_dir()):
        catalog = open_catalog(args)
        task = Task(args.what, extractor.name, settings, args.budget * 60, args.name, not args.all_models, args.depth)
        key = task.key(catalog)
        check_task(task, catalog, may_fetch=True)
        diary = Diary(key, args.what, catalog.name, task.asked)
        begun = time.monotonic()
        try:
            phases, names = _Phases(diary), companions_of(extractor.name)
            extracting = phases(f"Extracting {extractor.name}")
            features = features_of(catalog, extractor.name, settings, cache_dir(), extracting)
            with_features = catalog.subset(features.image_ids)
            extracting = phases(f"Extracting {', '.join(names)}") if names else silent
            added = companion_features(with_features, features, cache_dir(), names, extracting)
            learning = learn(task, key, with_features, features, added, cache_dir(), phases, _both(diary))
        except KeyboardInterrupt:
            diary.end(STOPPED, "Stopped; what was finished is kept, and the same learning goes on from there.")
            raise
        except BaseException as error:
            sentence = str(error) if isinstance(error, ShopsimError) else f"{type(error).__name__}: {error}"
            diary.end(FAILED, sentence)
            raise
        kept = {"network": learning.network, "settings": learning.settings, "held_out": learning.held_out}
        diary.end(DONE, learning.told, **kept)
    fields = {**describe(catalog), "extractor": extractor.name, "extractor_settings": settings, "learn": args.what}
    fields["depth"] = args.depth if args.what == NETWORK else None
    fields |= {**_fields(learning), "seconds": time.monotonic() - begun}
    return Result(fields, _lines(learning), (*catalog.problems, *features.problems))


class _Phases:
    """Reports each phase to the progress file and to stderr."""

    def __init__(self, diary: Diary) -> None:
        self._diary = diary

    def __call__(self, title: str) -> Progress:
        line, report = ProgressLine(title, unit=""), self._diary.phase(title)

        def both(done: int, total: int) -> None:
            line(done, total)
            report(done, total)

        return both


def _both(diary: Diary) -> Callable[[PassScore], None]:
    """Reports each point of the learning curve to the progress file and to stderr."""

    def told(score: PassScore) -> None:
        number = len(diary.entry.curve)
        loss = "" if score.loss is None else f", loss {score.loss:.3f}"
        say(f"Pass {number}: on validation models ARI {score.ari:.3f}, recall@1 {score.recall_at_1:.3f}{loss}")
        diary.score(score)

    return told


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt


def _fields(learning: Learning) -> dict[str, Any]:
    return {
        "sentence": learning.told,
        "network": learning.network,
        "tuned_settings": learning.files[0],
        "n_images": learning.n_images,
        "n_models": learning.n_models,
        "passes": learning.card.get("passes"),
        "curve": learning.card.get("curve"),
        "held_out": learning.held_out,
        "files": learning.files,
    }


def _lines(learning: Learning) -> list[str]:
    lines = [f"Learnt from {learning.n_images:,} photos of {learning.n_models:,} models. {learning.told}"]
    held_out = learning.held_out
    if held_out:
        before, after = held_out["before"], held_out["after"]
        lines.append(
            f"On {held_out['n_models']} models held out: ARI {before['ari']:.3f} before and {after['ari']:.3f} after "
            f"({after['low']:.3f} to {after['high']:.3f}), recall@1 {before['recall_at_1']:.3f} and "
            f"{after['recall_at_1']:.3f}, the contest baseline {held_out['baseline_ari']:.3f}."
        )
    lines += [f"Wrote '{path}'." for path in learning.files]
    return [*lines, f"Use it: group NEW --tuned-on '{learning.files[0]}' --out DIR"]
