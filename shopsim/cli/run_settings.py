"""The settings of a kept run, from the options of the command line and back."""

from __future__ import annotations

import argparse
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shopsim.cli.grouping_result import GroupingResult
from shopsim.grouping.runs.record import DEMO, RunSettings

SETTING = "setting "


def settings_of(args: argparse.Namespace, result: GroupingResult) -> RunSettings:
    """Returns the settings of a grouping, so that `--run` can give them again."""
    fields, grouping = result.fields, result.grouping
    is_demo = args.folder == DEMO and not Path(args.folder).exists()
    tuned = Path(fields["tuned_settings"]).name if "tuned_settings" in fields else ""
    return RunSettings(
        folder=DEMO if is_demo else str(Path(fields["folder"]).absolute()),
        extractor=fields["extractor"],
        extractor_settings=fields["extractor_settings"],
        space=fields["space"],
        space_settings=fields["space_settings"],
        clusterer=fields["clusterer"],
        clusterer_settings=fields["clusterer_settings"],
        value=float(grouping.value),
        strict=grouping.strict,
        form=args.form,
        labels=None if args.labels is None else str(args.labels.absolute()),
        encoding=args.encoding,
        category=args.category,
        copies=not args.no_copies,
        contradicted=args.contradicted or "",
        added=fields.get("added", ""),
        share=fields.get("share", RunSettings.share),
        tuned=tuned,
        expect=args.expect_photos if tuned else None,
        never_join="" if grouping.fitted.never_joined is None else grouping.fitted.never_joined.column,
    )


def options_of(settings: RunSettings) -> Mapping[str, Any]:
    """Returns the options of the command line by their names in the parsed arguments."""
    options: dict[str, Any] = {
        "folder": settings.folder,
        "form": settings.form,
        "labels": None if settings.labels is None else Path(settings.labels),
        "encoding": settings.encoding,
        "category": settings.category,
        "no_copies": not settings.copies,
        "contradicted": settings.contradicted or None,
        "threshold": settings.value,
    }
    if settings.tuned:
        return options | {"tuned_on": settings.tuned, "expect_photos": settings.expect}
    chosen = {**settings.extractor_settings, **settings.space_settings, **settings.clusterer_settings}
    return {
        **options,
        "extractor": settings.extractor,
        "space": settings.space,
        "clusterer": settings.clusterer,
        "strict": settings.strict,
        "never_join": settings.never_join or None,
        "add": settings.added or None,
        "share": settings.share if settings.added else None,
        **{f"{SETTING}{name}": str(value) for name, value in chosen.items()},
    }
