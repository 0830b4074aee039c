"""`--tuned-on TRAINING` groups FOLDER with the settings that do best on another, labelled catalogue."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.cli.companions_option import add_companion_options, chosen_companions
from shopsim.cli.opening import extract, extractor_entry, open_catalog
from shopsim.cli.options import number_up_to
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import UsageError
from shopsim.cli.settings import chosen_settings
from shopsim.cli.threshold import BEST
from shopsim.grouping.companions import companion_features
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.apply import features_as_tuned, group_as_tuned
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import SETTINGS_NAME, find_settings, load_settings, save_settings
from shopsim.tuning.tune import BUDGET_S, tune

parse_minutes = number_up_to(24 * 60, "number of minutes")


@dataclass(frozen=True)
class Tuned:
    """A catalogue, fitted with tuned settings and ready to be cut; place: the folder of the settings."""

    fitted: Fitted
    settings: TunedSettings
    place: str


def add_tuned_on_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `--tuned-on` and the options on how to tune."""
    parser.add_argument(
        "--tuned-on",
        metavar="TRAINING",
        help="take space, clustering and threshold from the settings that do best on TRAINING: a labelled catalogue, "
        f"or a folder or name of settings tuned before ({SETTINGS_NAME})",
    )
    add_tuning_arguments(parser)


def add_tuning_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds the options on how long to tune, and with which extractors."""
    parser.add_argument(
        "--budget",
        metavar="MINUTES",
        type=parse_minutes,
        default=BUDGET_S / 60,
        help=f"no new settings are tried after so many minutes of tuning ({BUDGET_S / 60:g})",
    )
    add_companion_options(parser)


def check_by_hand(args: argparse.Namespace) -> None:
    """Raises UsageError if an option is given that the tuned settings decide."""
    decided = {"space": Recipe.space, "clusterer": Recipe.clusterer, "strict": False, "add": None, "share": None}
    for name, default in decided.items():
        if getattr(args, name) != default:
            raise UsageError(f"--{name.replace('_', '-')} cannot be given with --tuned-on, which chooses it.")
    if isinstance(args.threshold, str) and not args.threshold.endswith("%"):
        if args.threshold != BEST:
            raise UsageError("--threshold built-in and --tuned-on both choose the threshold; give one of them.")
        raise UsageError("--threshold best would tune on the photos to be grouped; leave it out with --tuned-on.")


def as_tuned(args: argparse.Namespace, catalog: Catalog, bound: Bound | None = None) -> Tuned:
    """Fits the catalogue as --tuned-on says; bound: corrections of it that the groups respect.

    Raises UsageError if --extractor contradicts it.
    """
    folder = find_settings(args.tuned_on)
    if folder is not None:
        settings = load_settings(folder)
        if args.extractor not in (None, settings.main):
            raise UsageError(f"--extractor is {args.extractor}, but '{args.tuned_on}' was tuned for {settings.main}.")
    else:
        # The other options on how to open a folder are meant for the one that is grouped.
        opened = {"folder": args.tuned_on, "no_copies": False}
        opened |= dict.fromkeys(("form", "labels", "encoding", "category", "contradicted"))
        asked = f"Tune on '{args.tuned_on}' first (the command tune), and give its settings to --tuned-on; choose by"
        training = open_catalog(argparse.Namespace(**{**vars(args), **opened}), asked)
        settings = tuned_settings(argparse.Namespace(**{**vars(args), **opened}), training, len(catalog.images))
        folder = save_settings(settings)
    with ProgressLine(f"Extracting {settings.main}") as progress:
        features, added = features_as_tuned(catalog, settings, cache_dir(), progress)
    with ProgressLine("Grouping as tuned", unit="") as progress:
        store, expect = Store(cache_dir()), args.expect_photos
        fitted = group_as_tuned(catalog, features, added, settings, store, progress, expect, bound=bound)
    return Tuned(fitted, settings, str(folder.absolute()))


def tuned_settings(
    args: argparse.Namespace, training: Catalog, n_to_group: int | None = None, share: float = 1.0
) -> TunedSettings:
    """Returns the settings that Auto finds on a labelled catalogue, with progress on stderr.

    share: of --budget that the search may take.
    """
    extractor = extractor_entry(args)
    (settings,) = chosen_settings(args, [extractor])
    names = chosen_companions(args, extractor.name)
    features = extract(training, extractor, settings).features
    with ProgressLine(f"Extracting {', '.join(names)}") as progress:
        added = companion_features(training, features, cache_dir(), names, progress)
    with ProgressLine(f"Tuning on {training.name}", unit="") as progress:
        return tune(
            training,
            features,
            extractor.name,
            settings,
            added,
            n_to_group,
            args.budget * 60 * share,
            progress=progress,
            store=Store(cache_dir()),
        )


def tuned_fields(tuned: Tuned) -> dict[str, Any]:
    """Returns the fields of the JSON object that say what was tuned, and where it is kept."""
    return {"tuned_settings": tuned.place, **settings_fields(tuned.settings)}


def settings_fields(settings: TunedSettings) -> dict[str, Any]:
    """Returns the fields that say what was found and tried."""
    return {
        "sentence": settings.sentence,
        "added_extractors": [use.name for use in settings.extractors[1:]],
        **_best_member(settings),
        "n_validation": settings.n_validation,
        "validation_ari": settings.scores["validation"],
        "trials": [dict(trial) for trial in settings.trials],
    }


def _best_member(settings: TunedSettings) -> dict[str, Any]:
    """Returns the fields of the member with the largest weight: shares of the extractors, space of the added ones."""
    candidate = settings.members[0].candidate
    added_in = candidate.in_spaces[-1]
    return {
        "shares": candidate.shares(settings.main),
        "added_space": added_in.space,
        "added_space_settings": dict(added_in.space_settings),
    }
