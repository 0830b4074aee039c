"""`benchmark FOLDER... --extractor NAME` scores the public baseline and our grouping on held-out models."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.base.paths import cache_dir
from shopsim.base.registry import Value
from shopsim.catalog.catalog import Catalog
from shopsim.cli.benchmark_lines import Results, scores
from shopsim.cli.companions_option import add_companion_options, chosen_companions
from shopsim.cli.opening import (
    DEFAULT_TOLD,
    add_form_argument,
    add_trust_argument,
    describe,
    extract,
    extractor_entry,
    open_catalog,
)
from shopsim.cli.options import add_depth
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result, UsageError
from shopsim.cli.settings import add_setting_options, chosen_settings, name_in
from shopsim.cli.tuned_on import parse_minutes
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping.companions import companion_features
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning.lock import BENCHMARK, one_at_a_time
from shopsim.learning.prepare import BUDGET_MINUTES, METRIC, NETWORK, check_network, learner_for
from shopsim.tuning.held_out import HeldOut, held_out
from shopsim.tuning.learner import Learner
from shopsim.tuning.outer_folds import folds_of

SUMMARY = "Score the public baseline and our grouping side by side on held-out models."
_MOST = 2**31 - 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folders", metavar="FOLDER", nargs="+", help="labelled photos or vectors, or the word demo")
    parser.add_argument(
        "--extractor",
        metavar="NAME",
        type=name_in(extractors, OWN_VECTORS),
        help=f"as in extract (default: {DEFAULT_TOLD})",
    )
    add_trust_argument(parser)
    add_companion_options(parser)
    parser.add_argument(
        "--learn",
        choices=(METRIC, NETWORK),
        help="in every fold, first learn from its tuning models",
    )
    parser.add_argument(
        "--budget",
        metavar="MINUTES",
        type=parse_minutes,
        default=BUDGET_MINUTES,
        help=f"with --learn, the time per fold for learning, and again for Auto's search ({BUDGET_MINUTES:g})",
    )
    add_depth(parser)
    parser.add_argument("--folds", metavar="N", type=_whole(2), default=5, help="folds of models, 2 or more (5)")
    parser.add_argument("--seed", metavar="N", type=_whole(0), default=0, help="of folds, K-means and interval (0)")
    add_form_argument(parser, "every FOLDER")
    # The other options on how to open a folder would have to fit all of them.
    parser.set_defaults(labels=None, encoding=None, category=None, no_copies=False, contradicted=None)
    add_setting_options(parser, extractors)


def run(args: argparse.Namespace) -> Results:
    """Scores one catalogue after the other, also after one that cannot be scored."""
    # Another process may be learning from the same photos, and would write the same files.
    alone = one_at_a_time(cache_dir(), BENCHMARK) if args.learn else nullcontext()
    with alone:
        return _each(args)


def _each(args: argparse.Namespace) -> Results:
    done, failed = [], []
    for folder in args.folders:
        try:
            done.append(_benchmark(argparse.Namespace(**{**vars(args), "folder": folder})))
        except UsageError:
            raise
        except ShopsimError as error:
            failed.append(str(error))
    return Results(done, failed)


def _benchmark(args: argparse.Namespace) -> Result:
    extractor = extractor_entry(args)
    (settings,) = chosen_settings(args, [extractor])
    names = chosen_companions(args, extractor.name)
    catalog = open_catalog(args)
    # Said before the long work.
    folds_of(catalog, args.folds, args.seed)
    if args.learn == NETWORK:
        check_network(extractor.name)
    extraction = extract(catalog, extractor, settings)
    features = extraction.features
    kept = catalog.subset(features.image_ids)
    with ProgressLine(f"Extracting {', '.join(names)}") as progress:
        added = companion_features(kept, features, cache_dir(), names, progress)
    started = time.monotonic()
    learner = _learner(args, kept, features, added, extractor.name, settings)
    result = _scored(args, kept, features, added, extractor.name, learner)
    fields = {
        **describe(catalog),
        "extractor": extractor.name,
        "extractor_settings": settings,
        "extractor_key": features.key,
        "added_extractors": list(added),
        "learn": args.learn,
        "depth": args.depth if args.learn == NETWORK else None,
        "n_images": len(kept.images),
        "n_labelled": int((kept.labels_true != UNLABELLED).sum()),
        "n_models": len(kept.models),
        **scores(result),
        "seconds": time.monotonic() - started,
    }
    return Result(fields, [], extraction.problems)


def _scored(
    args: argparse.Namespace,
    kept: Catalog,
    features: Features,
    added: Mapping[str, Features],
    extractor: str,
    learner: Learner | None,
) -> HeldOut:
    with ProgressLine(f"Tuning and scoring {kept.name}", unit="") as progress:
        result = held_out(
            kept,
            features,
            None,
            args.folds,
            args.seed,
            progress,
            added,
            main=extractor,
            seconds=args.budget * 60 if learner else None,
            store=Store(cache_dir()),
            learner=learner,
        )
        # It is computed when it is read. That is done here, before the line says that all is done.
        _ = result.baseline_ari
    return result


def _learner(
    args: argparse.Namespace,
    kept: Catalog,
    features: Features,
    added: Mapping[str, Features],
    extractor: str,
    settings: Mapping[str, Value],
) -> Learner | None:
    """Makes the learner that --learn asks for; None without it."""
    if args.learn is None:
        return None
    with ProgressLine("Preparing photos and edited views of them", unit="") as progress:
        return learner_for(
            args.learn, kept, features, added, extractor, settings, cache_dir(), args.budget * 60, args.depth, progress
        )


def _whole(low: int) -> Callable[[str], int]:
    """Returns the type of an option that takes a whole number from `low`."""

    def parse(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            value = low - 1
        if not low <= value <= _MOST:
            raise argparse.ArgumentTypeError(f"{text!r} is no whole number from {low} to {_MOST}.")
        return value

    return parse
