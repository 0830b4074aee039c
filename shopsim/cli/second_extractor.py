"""`--add NAME --share X`: a second extractor, whose similarities are averaged with those of the first."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from typing import Any

from shopsim.catalog.catalog import Catalog
from shopsim.cli.opening import extract
from shopsim.cli.options import number_up_to
from shopsim.cli.result import UsageError
from shopsim.cli.settings import name_in
from shopsim.features.extractors import extractors
from shopsim.grouping.addable import addable_to, usual_share
from shopsim.grouping.added import Added
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.spaces.fusion import MOST_ADDED


@dataclass(frozen=True)
class Second:
    """The name of the extractor that is added, and its share of the similarity."""

    name: str
    share: float

    def features_of(self, catalog: Catalog, engine: Engine = HERE) -> Added:
        """Returns its features of the catalogue, with progress on stderr."""
        features = extract(catalog, extractors.entry(self.name), {}, engine).features
        return Added(self.name, features, self.share)


def add_second_arguments(parser: argparse.ArgumentParser, what: str = "average its similarities with") -> None:
    """Adds `--add` and `--share`; what: the words of the help before 'those of a second extractor'."""
    parser.add_argument(
        "--add",
        metavar="NAME",
        type=name_in(extractors),
        help=f"{what} those of a second extractor, at its default settings",
    )
    parser.add_argument(
        "--share",
        metavar="X",
        type=number_up_to(MOST_ADDED, "share"),
        help=f"the second extractor's share of the similarity, up to {MOST_ADDED:g} (default: 0.5 of a network, else "
        "0.3)",
    )


def check_second(args: argparse.Namespace, extractor: str) -> Second | None:
    """Returns what --add and --share say, None without --add.

    Raises UsageError if that extractor cannot be added to `extractor`.
    """
    if args.add is None:
        if args.share is not None:
            raise UsageError("--share is given without --add; it is the share of the extractor that --add names.")
        return None
    known = addable_to(extractor)
    if extractor == OWN_VECTORS:
        raise UsageError("--add needs photos; a catalogue that brings its own vectors may have none.")
    if args.add not in known:
        raise UsageError(f"--add is {args.add}, which cannot be added to {extractor}. Known: {', '.join(known)}.")
    return Second(args.add, usual_share(args.add) if args.share is None else args.share)


def second_fields(added: Added | None) -> dict[str, Any]:
    """Returns the fields of the JSON object about the second extractor; none without one."""
    if added is None:
        return {}
    return {"added": added.extractor, "share": added.share, "added_key": added.features.key}


def told_extractors(fields: dict[str, Any]) -> str:
    """Returns 'color_shape', or with a second extractor 'mobilenet_v2 70% + color_shape 30%'."""
    if "added" not in fields:
        return fields["extractor"]
    return f"{fields['extractor']} {1 - fields['share']:.0%} + {fields['added']} {fields['share']:.0%}"
