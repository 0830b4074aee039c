"""`--run NAME` groups as a kept run did, and `--keep NAME` keeps the run that a command makes."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace

import numpy as np

from shopsim.cli.grouping import make_grouping, make_tuned_grouping
from shopsim.cli.grouping_result import GroupingResult
from shopsim.cli.result import UsageError
from shopsim.cli.run_settings import SETTING, options_of, settings_of
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.runs.corrections_since import corrections_since, used_now
from shopsim.grouping.runs.kept import checked_name, find_run, keep, load
from shopsim.grouping.runs.making import run_of
from shopsim.grouping.runs.record import Run
from shopsim.grouping.runs.since import grouped_since

# What may be given beside --run: where things go, and what is done with them.
_BESIDE = {"run", "run_name", "folder", "out", "raw", "json", "problems", "keep", "trust_network", "to", "costs"}
_BESIDE |= {"projector", "photos", "engine", "ray_address", "kept_run"}
# With FOLDER, these are said of that folder and are not the run's.
_OF_FOLDER = {"folder", "form", "labels", "encoding"}


@dataclass(frozen=True)
class RunResult:
    """A grouping; groups: (n,) int64 numbers to write, those of the kept run with --run.

    run: the one that was kept now. repeated: the one of --run, if photos and groups are still as they were.
    """

    result: GroupingResult
    groups: np.ndarray
    run: Run | None = None
    repeated: Run | None = None


def add_run_arguments(parser: argparse.ArgumentParser) -> None:
    """Adds `--run` and `--keep`; FOLDER may then be left out."""
    for action in parser._actions:
        if action.dest == "folder":
            action.nargs, action.required = "?", False
    parser.add_argument(
        "--run",
        dest="run_name",
        metavar="NAME",
        help="group as the kept run of that name did, with all its settings; FOLDER, if given, "
        "replaces its folder, and is read as --form, --labels and --encoding say",
    )
    parser.add_argument("--keep", metavar="NAME", help="keep this run under a new name; 'runs' lists the kept ones")


def make(args: argparse.Namespace, engine: Engine = HERE) -> RunResult:
    """Groups as the options say or as the run did, and keeps the run if that is asked for."""
    if args.keep is not None:
        args.keep = checked_name(args.keep)
    args.kept_run = before = _take_settings(args)
    tuned_on = getattr(args, "tuned_on", None)
    result = make_grouping(args, engine) if tuned_on is None else make_tuned_grouping(args)
    groups = result.grouping.labels_pred
    if before is not None:
        groups, result = _as_kept(before, result)
    kept = None
    if args.keep is not None:
        kept = unkept_run(args, result, args.keep)
        keep(kept)
        groups = kept.groups
        result = replace(
            result,
            fields=result.fields | {"kept_run": kept.about.id},
            lines=[*result.lines, f"Kept as the run '{kept.about.name}'."],
        )
    return RunResult(result, groups, kept, before if before is not None and _is_repeated(result) else None)


def unkept_run(args: argparse.Namespace, result: GroupingResult, name: str) -> Run:
    """Returns the run that a grouping is, under that name; it is not kept yet."""
    settings, expected = settings_of(args, result), result.fields.get("expected")
    return run_of(result.grouping, name, settings, expected, applied=result.applied)


def _is_repeated(result: GroupingResult) -> bool:
    since = result.fields["since"]
    return since["same_groups"] and not any(since[kind] for kind in ("added", "removed", "changed", "renamed"))


def _take_settings(args: argparse.Namespace) -> Run | None:
    """Sets the options as the run of --run has them, and returns it; None without --run.

    Raises UsageError if another option says how to group, or if neither FOLDER nor --run is given.
    """
    if args.run_name is None:
        if args.folder is None:
            raise UsageError("Neither FOLDER nor --run is given; name the photos, or a kept run.")
        return None
    _refuse_more(args)
    run = load(find_run(args.run_name))
    # Other photos have labels and a form of their own.
    given = set() if args.folder is None else _OF_FOLDER
    for name, value in options_of(run.about.settings).items():
        if name not in given:
            setattr(args, name, value)
    return run


def _refuse_more(args: argparse.Namespace) -> None:
    own = {action.dest: action.default for action in args.parser._actions}
    allowed = _BESIDE if args.folder is None else _BESIDE | _OF_FOLDER
    for name, default in own.items():
        if name not in allowed and getattr(args, name, default) != default:
            option = name.removeprefix(SETTING).replace("_", "-")
            raise UsageError(f"--{option} cannot be given with --run, which takes it from the kept run.")


def _as_kept(run: Run, result: GroupingResult) -> tuple[np.ndarray, GroupingResult]:
    """Returns the groups under the numbers of the run, and the result with what changed since the run was kept."""
    groups, since = grouped_since(run, result.grouping)
    is_same = not (since.added or since.removed or since.changed)
    tuned_on = run.about.scores.tuned_on if is_same else f"taken from the run '{run.about.name}'"
    corrections = corrections_since(run.about, used_now(result.grouping.fitted))
    fields = {
        "run": run.about.id,
        "since": {
            "same_groups": since.same_groups,
            "added": since.added,
            "removed": since.removed,
            "changed": since.changed,
            "renamed": since.renamed,
        },
        "same_corrections": not corrections,
        "tuned_on": tuned_on,
    }
    grouping = replace(result.grouping, tuned_on=tuned_on)
    sentences = [*since.sentences, corrections] if corrections else since.sentences
    lines = [f"As the run '{run.about.name}', kept {run.about.provenance.kept_at}.", *sentences]
    return groups, replace(result, grouping=grouping, fields=result.fields | fields, lines=[*result.lines, *lines])
