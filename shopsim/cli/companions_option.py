"""Options that say which extractors the named one is fused with."""

from __future__ import annotations

import argparse

from shopsim.base.errors import ShopsimError
from shopsim.cli.result import UsageError
from shopsim.features.extractors import extractors
from shopsim.grouping.companions import companions_of


def add_companion_options(parser: argparse.ArgumentParser) -> None:
    """Adds `--alone` and `--companions`, of which one may be given."""
    either = parser.add_mutually_exclusive_group()
    either.add_argument(
        "--alone", action="store_true", help="do not fuse the extractor with another one whose weight is tuned"
    )
    either.add_argument(
        "--companions",
        metavar="NAME[,NAME]",
        type=_names,
        help="fuse the extractor with these instead of all that are at hand; color_shape leaves the second network out",
    )


def chosen_companions(args: argparse.Namespace, extractor: str) -> tuple[str, ...]:
    """Returns the extractors that the named one is fused with. Raises UsageError if it is among them."""
    if args.alone:
        return ()
    if args.companions is None:
        return companions_of(extractor)
    if extractor in args.companions:
        raise UsageError(f"--companions names '{extractor}', which is the main extractor; only others can be added.")
    return args.companions


def _names(text: str) -> tuple[str, ...]:
    names = tuple(dict.fromkeys(name.strip() for name in text.split(",")))
    try:
        unfit = next((name for name in names if not extractors.entry(name).starts_by_itself), None)
    except ShopsimError as error:
        raise argparse.ArgumentTypeError(str(error)) from None
    if unfit is not None:
        known = ", ".join(name for name in sorted(extractors.names()) if extractors.entry(name).starts_by_itself)
        raise argparse.ArgumentTypeError(f"'{unfit}' must be told its network, so it cannot be added. Known: {known}.")
    return names
