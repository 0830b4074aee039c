"""`group FOLDER ... --out DIR` writes groups.csv."""

from __future__ import annotations

import argparse

from shopsim.cli.corrections_option import add_corrections_option, check_corrections
from shopsim.cli.grouping import add_grouping_arguments, make_grouping, make_tuned_grouping, write_groups
from shopsim.cli.never_join_option import check_never_join
from shopsim.cli.result import Result, UsageError
from shopsim.cli.tuned_on import add_tuned_on_arguments

SUMMARY = "Put the photos of one model into one group and write DIR/groups.csv."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where groups.csv goes; made if need be")
    add_tuned_on_arguments(parser)
    add_corrections_option(parser)


def run(args: argparse.Namespace) -> Result:
    """Groups the photos, and writes the groups."""
    if args.tuned_on is None and args.companions is not None:
        raise UsageError("--companions needs --tuned-on, which weighs them; --add adds one extractor by hand.")
    check_corrections(args)
    check_never_join(args)
    result = make_grouping(args) if args.tuned_on is None else make_tuned_grouping(args)
    path = write_groups(result.grouping, args.out, args.raw).absolute()
    return Result(result.fields | {"files": [str(path)]}, [*result.lines, f"Wrote '{path}'."], result.problems)
