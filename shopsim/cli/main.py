"""Parses the command line, runs one command, and turns every failure into one sentence and an exit code."""

from __future__ import annotations

import argparse
import contextlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import shopsim.cli
from shopsim.base.disk import damage
from shopsim.base.disk.disk_room import why_refused
from shopsim.base.disk.sweep import sweep_hourly
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir, home_dir
from shopsim.cli import (
    benchmark,
    compare,
    corrections,
    demo,
    evaluate,
    export,
    extract,
    group,
    learn,
    review,
    run,
    tune,
)
from shopsim.cli.problem_list import add_problems_argument, check_problems_file, write_problems
from shopsim.cli.result import UsageError
from shopsim.cli.terminal import printable, say
from shopsim.features.networks.trust import trusting_all

_SUBCOMMANDS = (run, demo, extract, group, evaluate, export, benchmark, compare, review, corrections, tune, learn)


def main(argv: Sequence[str] | None = None) -> int:
    """Runs one command and returns the exit code: 0 done, 1 failed or stopped. Usage errors raise SystemExit(2)."""
    args = _parsed(argv)
    try:
        return _run(args)
    finally:
        for sentence in damage.take():
            say(sentence)


def _parsed(argv: Sequence[str] | None) -> argparse.Namespace:
    """Returns the options of the command; unknown ones are an error, or are passed on by `run`."""
    parser = _parser()
    args, unknown = parser.parse_known_args(argv)
    if unknown and args.command != "run":
        parser.error(f"unrecognized arguments: {' '.join(unknown)}")
    args.passed_on = unknown
    return args


def _run(args: argparse.Namespace) -> int:
    """Returns the exit code; every failure is a sentence on stderr."""
    try:
        check_problems_file(getattr(args, "problems", None))
        sweep_hourly(cache_dir(), home_dir())
        # Libraries print where they like; stdout is only for the result.
        with contextlib.redirect_stdout(sys.stderr), trusting_all(getattr(args, "trust_network", False)):
            result = args.run(args)
            if getattr(args, "problems", None) is not None:
                write_problems(args.problems, result.problems)
        result.show(args.command, args.json)
        return 0
    except UsageError as error:
        args.parser.error(printable(str(error)))
    except ShopsimError as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return _fail("Stopped. What was finished is kept, and the same command goes on from there.")
    except BrokenPipeError:
        # The reader of stdout has gone; output that Python still buffers must not raise again at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        where = f" '{error.filename}'" if error.filename else ""
        return _fail(f"The system refused{where}: {why_refused(error, Path(str(error.filename or '.')))}.")
    except MemoryError:
        return _fail("This needs more memory than is free; group one category at a time or leave out copies.")


def _fail(sentence: str) -> int:
    say(sentence)
    return 1


def _parser() -> argparse.ArgumentParser:
    introduction, _, contract = (shopsim.cli.__doc__ or "").partition("\n\n")
    parser = argparse.ArgumentParser(
        prog="shopsim" if Path(sys.argv[0]).stem == "shopsim" else "python -m shopsim",
        description=introduction,
        epilog=contract,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    commands = parser.add_subparsers(dest="command", metavar="COMMAND", required=True)
    for module in _SUBCOMMANDS:
        name = module.__name__.rpartition(".")[2]
        summary = module.SUMMARY
        # An abbreviation in a script would become ambiguous with the next option, so only full names are accepted.
        command = commands.add_parser(name, help=summary, description=summary, allow_abbrev=False)
        if module is not run:  # A server has no result.
            command.add_argument("--json", action="store_true", help="print one JSON object instead of text")
            add_problems_argument(command)
        module.add_arguments(command)
        command.set_defaults(run=module.run, parser=command)
    return parser
