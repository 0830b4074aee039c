"""`group FOLDER ... --out DIR` writes groups.csv."""

from __future__ import annotations

import argparse

from shopsim.cli.corrections_option import add_corrections_option
from shopsim.cli.engine import ENGINES, add_engine_arguments, chosen_engine
from shopsim.cli.grouping import add_grouping_arguments, write_groups
from shopsim.cli.kept_run import add_run_arguments, make
from shopsim.cli.result import Result, UsageError
from shopsim.cli.to_database import add_database_argument, checked_target, write_to
from shopsim.cli.tuned_on import add_tuned_on_arguments

SUMMARY = "Put the photos of one model into one group and write DIR/groups.csv."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where groups.csv goes; made if need be")
    add_tuned_on_arguments(parser)
    add_corrections_option(parser)
    add_run_arguments(parser)
    add_engine_arguments(parser)
    add_database_argument(parser)


def run(args: argparse.Namespace) -> Result:
    """Groups the photos, and writes the groups."""
    if args.tuned_on is None and args.companions is not None:
        raise UsageError("--companions needs --tuned-on, which weighs them; --add adds one extractor by hand.")
    if args.tuned_on is not None and args.engine != ENGINES[0]:
        raise UsageError("--engine ray does not go with --tuned-on; run extract with --engine ray before.")
    target = checked_target(args)
    with chosen_engine(args) as engine:
        made = make(args, engine)
    result = made.result
    path = write_groups(result.grouping, args.out, args.raw, made.groups).absolute()
    fields, lines = write_to(target, args, made)
    told = [*result.lines, f"Wrote '{path}'.", *lines]
    return Result(result.fields | {"files": [str(path)]} | fields, told, result.problems)
