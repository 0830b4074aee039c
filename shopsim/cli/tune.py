"""`tune FOLDER` finds the settings that group unseen models best, and keeps them for `group NEW --tuned-on`."""

from __future__ import annotations

import argparse
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from typing import Any

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.cli.opening import add_catalog_arguments, describe, open_catalog
from shopsim.cli.options import add_out_argument, check_out, refuse_inside
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.cli.settings import add_setting_options
from shopsim.cli.terminal import say
from shopsim.cli.tuned_on import add_tuning_arguments, settings_fields, tuned_settings
from shopsim.features.extractors import extractors
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.apply import features_as_tuned
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.comparison import few
from shopsim.tuning.held_out_record import SEARCH_SHARE, with_held_out
from shopsim.tuning.settings import TunedSettings
from shopsim.tuning.settings_files import save_settings

SUMMARY = "Try spaces, clusterers, cuts and shares of extractors on validation models, and keep the best settings."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_catalog_arguments(parser)
    add_tuning_arguments(parser)
    parser.add_argument(
        "--held-out",
        action="store_true",
        help="search in each fold of held-out models as long as on all models; without it both share the budget",
    )
    add_out_argument(parser, "folder for the settings (default: a new one in the workspace)", required=False)
    add_setting_options(parser, extractors)


def run(args: argparse.Namespace) -> Result:
    """Tunes, scores if asked to, and writes the settings."""
    if args.out is not None:
        check_out(args.out)
        refuse_inside(args.out, args.folder)
    catalog = open_catalog(args)
    _warn_if_few(catalog)
    started = time.monotonic()
    settings = tuned_settings(args, catalog, share=1.0 if args.held_out else SEARCH_SHARE)
    left = args.budget * 60 - (time.monotonic() - started)
    settings = _compared(args, catalog, settings, args.budget * 300 if args.held_out else max(left, 0.0))
    folder = save_settings(settings, args.out).absolute()
    fields = {
        **describe(catalog),
        "extractor": settings.main,
        "extractor_settings": dict(settings.extractors[0].settings),
        "extractor_key": settings.extractors[0].key,
        "n_images": settings.tuned_on.n_images,
        "n_models": settings.tuned_on.n_models,
        **settings_fields(settings),
        "held_out": {name: score for name, score in settings.scores.items() if name != "validation"} or None,
        "comparison": {**asdict(settings.comparison), "wins": settings.comparison.wins},
        "verdict": settings.comparison.sentence,
        "tuned_settings": str(folder),
        "files": [str(folder)],
    }
    return Result(fields, _lines(settings, fields), catalog.problems)


def _warn_if_few(catalog: Catalog) -> None:
    """Says before the long work that photos or models are few."""
    counts = Counter(image.model for image in catalog.images if image.model is not None)
    told = few(sum(count > 1 for count in counts.values()), counts.total())
    if told:
        say(told)


def _compared(args: argparse.Namespace, catalog: Catalog, settings: TunedSettings, seconds: float) -> TunedSettings:
    """Returns the settings with their scores on held-out models, and compared with those that `group` has by default.

    seconds: for the searches of all folds.
    """
    with ProgressLine(f"Extracting {', '.join(use.name for use in settings.extractors)}") as progress:
        features, added = features_as_tuned(catalog, settings, cache_dir(), progress)
    with ProgressLine(f"Scoring on held-out models of {catalog.name}", unit="") as progress:
        kept, store = catalog.subset(features.image_ids), Store(cache_dir())
        return with_held_out(kept, features, added, settings, Candidate(Recipe()), seconds, store, progress)


def _lines(settings: TunedSettings, fields: dict[str, Any]) -> list[str]:
    best = settings.scores["validation"]
    lines = [
        f"Tuned on {settings.tuned_on.n_images:,} photos of {settings.tuned_on.n_models:,} models of "
        f"'{settings.tuned_on.catalog}'; ARI on validation models of about {settings.n_validation:,.0f} photos:"
    ]
    lines += _table(settings.trials, best)
    lines.append(settings.sentence)
    if fields["held_out"]:
        found = fields["held_out"]
        lines.append(
            f"On held-out models, some {found['held_out_photos']:,.0f} photos at a time: ARI {found['held_out']:.3f} "
            f"({found['low']:.3f} to {found['high']:.3f}), the baseline {found['baseline']:.3f}."
        )
    lines.append(fields["verdict"])
    place = fields["tuned_settings"]
    use = f"Use it: group NEW --tuned-on '{place}' --out DIR"
    if not settings.comparison.wins:
        by_hand = f"group NEW --extractor {settings.main} --out DIR"
        use = f"For the setting as it is: {by_hand}. For Auto's: group NEW --tuned-on '{place}' --out DIR"
    return [*lines, f"Wrote '{place}'. {use}"]


def _table(trials: Sequence[Mapping[str, Any]], best: float) -> list[str]:
    """Returns the trials as aligned lines below a heading; best: the ARI that each is compared with."""
    lines = [f"  {'ARI':>6}  {'to best':>7}  {'time':>8}  tried"]
    for trial in trials:
        score = trial["score"]
        tried = "not tried" if score is None else f"{score:6.4f}  {score - best:+7.4f}  {trial['seconds']:6.1f} s"
        lines.append(f"  {tried:25}  {trial['what']}")
    return lines
