"""`tune FOLDER` finds the settings that group unseen models best, and keeps them for `group NEW --tuned-on`."""

from __future__ import annotations

import argparse
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.cli.opening import add_catalog_arguments, describe, open_catalog
from shopsim.cli.options import add_out_argument, check_out, refuse_inside
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.cli.settings import add_setting_options
from shopsim.cli.tuned_on import add_tuning_arguments, settings_fields, tuned_settings
from shopsim.features.extractors import extractors
from shopsim.tuning.apply import features_as_tuned
from shopsim.tuning.held_out import held_out
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
        help="also tune on four fifths of the models and score on the rest, five times, and record that score",
    )
    add_out_argument(parser, "folder for the settings (default: a new one in the workspace)", required=False)
    add_setting_options(parser, extractors)


def run(args: argparse.Namespace) -> Result:
    """Tunes, scores if asked to, and writes the settings."""
    if args.out is not None:
        check_out(args.out)
        refuse_inside(args.out, args.folder)
    catalog = open_catalog(args)
    settings = tuned_settings(args, catalog)
    if args.held_out:
        features, added = features_as_tuned(catalog, settings, cache_dir())
        kept = catalog.subset(features.image_ids)
        with ProgressLine(f"Scoring on held-out models of {catalog.name}", unit="") as progress:
            scored = held_out(
                kept,
                features,
                progress=progress,
                added=added,
                seconds=args.budget * 60,
                main=settings.main,
                store=Store(cache_dir()),
            )
            settings = replace(settings, scores={**settings.scores, **scored.recorded})
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
        "tuned_settings": str(folder),
        "files": [str(folder)],
    }
    return Result(fields, _lines(settings, fields), catalog.problems)


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
    place = fields["tuned_settings"]
    return [*lines, f"Wrote '{place}'. Use it: group NEW --tuned-on '{place}' --out DIR"]


def _table(trials: Sequence[Mapping[str, Any]], best: float) -> list[str]:
    """Returns the trials as aligned lines below a heading; best: the ARI that each is compared with."""
    lines = [f"  {'ARI':>6}  {'to best':>7}  {'time':>8}  tried"]
    for trial in trials:
        score = trial["score"]
        tried = "not tried" if score is None else f"{score:6.4f}  {score - best:+7.4f}  {trial['seconds']:6.1f} s"
        lines.append(f"  {tried:25}  {trial['what']}")
    return lines
