"""`match CATALOG NEW ...` says for each new photo which group it joins, or that it shows a new model."""

from __future__ import annotations

import argparse
from dataclasses import asdict
from typing import Any

import numpy as np

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.new_photos import open_new_photos
from shopsim.cli.corrections_option import add_corrections_option
from shopsim.cli.grouping import GROUPS_NAME, add_grouping_arguments, make_grouping, make_tuned_grouping
from shopsim.cli.grouping_result import GroupingResult
from shopsim.cli.match_lines import difference_fields, difference_lines, groups_used_lines, match_lines
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result, UsageError
from shopsim.cli.tuned_on import add_tuned_on_arguments
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.matching.additions import add_photos, additions_of
from shopsim.grouping.matching.likeness import RULES
from shopsim.grouping.matching.matched import Matched, match_new, together_with, with_new
from shopsim.grouping.matching.matches_csv import match_rows, matches_csv, together_csv
from shopsim.grouping.matching.regroup import Regrouped, regroup

SUMMARY = "Match new photos with the groups of a catalogue: the group of each, the runner-up, or a new model."
MATCHES_NAME = "matches.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, f"where {MATCHES_NAME} and {GROUPS_NAME} go; made if need be", out_required=False)
    add_tuned_on_arguments(parser)
    add_corrections_option(parser)
    parser.add_argument("new", metavar="NEW", nargs="+", help="folders, zips or files of new photos")
    parser.add_argument(
        "--join-by",
        choices=RULES,
        default=RULES[-1],
        help="how alike a photo and a group are. mean: the mean similarity to its photos, which must reach the "
        "threshold of the groups. nearest: the mean similarity to its three nearest photos, which must reach a "
        "threshold that is measured by hiding photos of the catalogue (default: %(default)s)",
    )
    parser.add_argument(
        "--add-photos",
        action="store_true",
        help="add the new photos to the groups for good; the catalogue's folder stays as it is",
    )
    parser.add_argument(
        "--regroup", action="store_true", help="also group all photos from scratch, and say what changes"
    )


def run(args: argparse.Namespace) -> Result:
    """Groups the catalogue as `group` does, and matches the new photos with the groups."""
    if args.tuned_on is None and args.companions is not None:
        raise UsageError("--companions needs --tuned-on, which weighs them; --add adds one extractor by hand.")
    _check_alone(args)
    made = make_grouping(args) if args.tuned_on is None else make_tuned_grouping(args)
    with ProgressLine("Looking at the new photos") as progress:
        is_own = made.fields["extractor"] == OWN_VECTORS
        new = open_new_photos(args.new, progress=progress, brings_vectors=is_own)
    matched, regrouped = _matched(args, made, new)
    files: list[str] = []
    n_added = _add(made, matched) if args.add_photos else None
    if args.out is not None:
        files = [str((args.out / name).absolute()) for name in (MATCHES_NAME, GROUPS_NAME)]
        write_bytes(files[0], matches_csv(matched, args.raw))
        write_bytes(files[1], together_csv(with_new(matched), args.raw))
    fields = made.fields | _fields(made, matched, n_added) | difference_fields(regrouped) | {"files": files}
    lines = [*made.lines, *groups_used_lines(args, made), *match_lines(matched, fields), *difference_lines(regrouped)]
    problems = (*made.problems, *matched.together.problems, *matched.problems)
    return Result(fields, [*lines, *(f"Wrote '{file}'." for file in files)], problems)


def _check_alone(args: argparse.Namespace) -> None:
    """Raises UsageError for options that do not go together."""
    if args.corrections is not None and args.add_photos:
        raise UsageError(
            "--add-photos cannot be given with --corrections: photos are added to groups without corrections, so that "
            "the next correction does not lose them."
        )
    rule = "--corrections" if args.corrections is not None else "--never-join" if args.never_join else ""
    if rule and args.regroup:
        raise UsageError(f"--regroup cannot be given with {rule}, which says nothing of the new photos.")


def _matched(args: argparse.Namespace, made: GroupingResult, new: Catalog) -> tuple[Matched, Regrouped | None]:
    grouping, source, store = made.grouping, made.source, Store(cache_dir())
    with ProgressLine("Matching", unit="") as progress:
        together = together_with(grouping, source, additions_of(grouping), store, progress)
        matched = match_new(grouping, source, together, new, args.join_by, store, progress)
    if not args.regroup:
        return matched, None
    with ProgressLine("Grouping from scratch", unit="") as progress:
        return matched, regroup(grouping, source, with_new(matched), store, progress)


def _add(made: GroupingResult, matched: Matched) -> int:
    """Adds the new photos for good, and returns how many were not there before."""
    before = matched.together.additions
    after = add_photos(made.grouping, before, matched.catalog.images, matched.matches.group)
    return len(after.photos) - len(before.photos)


def _fields(made: GroupingResult, matched: Matched, n_added: int | None) -> dict[str, Any]:
    matches, rows = matched.matches, match_rows(matched)
    threshold = matches.decision.threshold
    return {
        "join_by": matches.decision.rule,
        "join_from": threshold if np.isfinite(threshold) else None,
        "join_from_chosen_on": matches.decision.told,
        "matches": [asdict(row) for row in rows],
        "n_new_photos": len(rows),
        "n_joined": int((~matches.is_new).sum()),
        "n_new_model_photos": int(matches.is_new.sum()),
        "n_new_models": matches.n_new_models,
        "n_byte_equal": int((matched.copy_of >= 0).sum()),
        "n_added_before": len(matched.together.images) - len(made.grouping.fitted.catalog.images),
        "n_added": n_added,
        "is_added": bool(n_added),
    }
