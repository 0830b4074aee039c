"""`--to ADDRESS`: also writes the groups into a database."""

from __future__ import annotations

import argparse
from typing import Any

from shopsim.cli.kept_run import RunResult, unkept_run
from shopsim.grouping.database.rows import rows_of
from shopsim.grouping.database.target import EXAMPLES, Target, check, target_of, write


def add_database_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--to`."""
    parser.add_argument("--to", metavar="ADDRESS", help=f"also write run, groups and photos to {EXAMPLES}")


def checked_target(args: argparse.Namespace) -> Target | None:
    """Returns the database of --to, None without it. Raises ShopsimError, before any long work, if it is not there."""
    if args.to is None:
        return None
    target = target_of(args.to)
    check(target)
    return target


def write_to(target: Target | None, args: argparse.Namespace, made: RunResult) -> tuple[dict[str, Any], list[str]]:
    """Writes the groups, and returns the fields and lines that say so."""
    if target is None:
        return {}, []
    result, grouping = made.result, made.result.grouping
    name = args.keep or args.run_name or "unnamed"
    kept = made.run or made.repeated
    about = (kept or unkept_run(args, result, name)).about
    written = rows_of(grouping, about, made.groups, is_kept=kept is not None)
    write(target, written)
    fields = {"address": target.shown, "run_id": written.run["run_id"]}
    return {"database": fields}, [f"Wrote the run {fields['run_id']} to '{target.shown}'."]
