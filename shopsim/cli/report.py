"""`report CATALOG ... --out FILE` writes one HTML file about the groups, for people who have no shopsim."""

from __future__ import annotations

import argparse
from pathlib import Path

from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError
from shopsim.cli.corrections_option import add_corrections_option
from shopsim.cli.costs import pairs_of, prices_of
from shopsim.cli.grouping import add_grouping_arguments
from shopsim.cli.kept_run import RunResult, add_run_arguments, make, unkept_run
from shopsim.cli.result import Result
from shopsim.cli.tuned_on import add_tuned_on_arguments
from shopsim.grouping.report.choosing import contents_of
from shopsim.grouping.report.contents import Given, HeldOut, corrections_of
from shopsim.grouping.report.page import report_html
from shopsim.grouping.report.words import settings_in_words
from shopsim.tuning.settings_files import find_settings, load_settings

SUMMARY = "Write one HTML file that shows how right the groups are; it opens from a mail and prints on A4."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "the file to write, such as report.html", metavar="FILE")
    add_tuned_on_arguments(parser)
    add_corrections_option(parser)
    add_run_arguments(parser)


def run(args: argparse.Namespace) -> Result:
    """Groups the photos, or takes a kept run, and writes the report."""
    file: Path = args.out
    if file.is_dir():
        raise ShopsimError(f"'{file}' is a folder; --out needs the name of a file, such as report.html.")
    # What is checked before the long work is the folder.
    args.out = file.parent
    made = make(args)
    page = report_html(contents_of(made.result.grouping, _given(args, made), made.groups))
    write_bytes(file, page)
    path = str(file.absolute())
    lines = [*made.result.lines, f"Wrote '{path}', {len(page) / 1e6:.1f} MB."]
    return Result(made.result.fields | {"files": [path]}, lines, made.result.problems)


def _given(args: argparse.Namespace, made: RunResult) -> Given:
    result = made.result
    expected = result.fields.get("expected")
    name = args.keep or args.run_name or ""
    about = (made.run or unkept_run(args, result, name or "report")).about
    return Given(
        about.scores,
        about.provenance,
        settings_in_words(about.settings),
        name,
        expected,
        _held_out(args),
        prices_of(args),
        pairs_of(result.measured.fitted, result.blind),
        corrections_of(about, result.applied),
        n_left_out=sum(problem.left_out for problem in result.problems),
    )


def _held_out(args: argparse.Namespace) -> HeldOut | None:
    """Returns the held-out score of tuned settings, if they were checked."""
    folder = None if args.tuned_on is None else find_settings(args.tuned_on)
    settings = None if folder is None else load_settings(folder)
    if settings is None or "held_out" not in settings.scores:
        return None
    scores, on = settings.scores, settings.tuned_on
    return HeldOut(scores["held_out"], scores.get("low"), scores.get("high"), on.catalog, on.n_models)
