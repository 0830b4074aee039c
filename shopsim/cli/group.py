"""`group FOLDER ... --out DIR`: writes groups.csv."""

from __future__ import annotations

import argparse

from shopsim.cli.grouping import add_grouping_arguments, make_grouping, write_groups
from shopsim.cli.result import Result

SUMMARY = "Put the photos of one model into one group and write DIR/groups.csv."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where groups.csv goes; made if need be")


def run(args: argparse.Namespace) -> Result:
    """Group, and write the groups."""
    result = make_grouping(args)
    path = write_groups(result.grouping, args.out, args.raw).absolute()
    return Result(result.fields | {"files": [str(path)]}, [*result.lines, f"Wrote '{path}'."], result.problems)
