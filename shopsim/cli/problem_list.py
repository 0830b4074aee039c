"""Tells which files have a problem: the first thousand one by one, all by reason, and all in a file if asked."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import is_folder
from shopsim.catalog.catalog import Problem
from shopsim.catalog.problem_reasons import MOST_LISTED, count_reasons, problems_csv


def add_problems_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--problems FILE`."""
    parser.add_argument(
        "--problems",
        metavar="FILE",
        type=Path,
        help=f"write every file with a problem and its reason to this CSV file; at most {MOST_LISTED:,} are printed",
    )


def check_problems_file(file: Path | None) -> None:
    """Raises ShopsimError, before any work is done, if the file cannot lie where it should."""
    if file is not None and is_folder(file):
        raise ShopsimError(f"'{file}' is a folder; --problems needs the name of a file.")
    if file is not None and not is_folder(file.absolute().parent):
        raise ShopsimError(f"'{file.absolute().parent}' is no folder; --problems needs a file in a folder that exists.")


def write_problems(file: Path, problems: Sequence[Problem]) -> None:
    """Writes all problems as CSV. Raises ShopsimError if the disk refuses."""
    write_bytes(file, problems_csv(problems))


def problem_fields(problems: Sequence[Problem]) -> dict[str, Any]:
    """Returns the fields of the JSON object: the first problems, the number of all, and the count per reason."""
    return {
        "problems": [asdict(problem) for problem in problems[:MOST_LISTED]],
        "n_problems": len(problems),
        "problem_reasons": [asdict(count) for count in count_reasons(problems)],
    }


def problem_lines(problems: Sequence[Problem]) -> list[str]:
    """Returns one line per problem; if there are too many, the first ones and then the number of files per reason."""
    lines = [f"{_told(problem.left_out)} '{problem.name}': {problem.reason}" for problem in problems[:MOST_LISTED]]
    if len(problems) > MOST_LISTED:
        more, counts = len(problems) - MOST_LISTED, count_reasons(problems)
        lines.append(f"And {more:,} more, {len(problems):,} in all; --problems FILE writes all of them. By reason:")
        lines += [f"  {_files(each.n_files, each.left_out)}: {each.reason}" for each in counts]
    return lines


def _told(left_out: bool) -> str:
    return "Left out" if left_out else "Note on"


def _files(number: int, left_out: bool) -> str:
    files = "1 file" if number == 1 else f"{number:,} files"
    return f"{files} left out" if left_out else f"{files} with a note"
