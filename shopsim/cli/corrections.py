"""`corrections FOLDER [--export FILE | --import FILE]`: lists, writes or takes over what people said of groups."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from shopsim.base.disk.files import write_bytes
from shopsim.base.text.csv_text import read_bytes
from shopsim.cli.opening import add_encoding_argument, add_form_argument, open_catalog
from shopsim.cli.result import Result
from shopsim.grouping.corrections.action import BINDING, Action
from shopsim.grouping.corrections.corrections_csv import corrections_csv
from shopsim.grouping.corrections.sentences import sentence
from shopsim.grouping.corrections.store import read_actions
from shopsim.grouping.corrections.take_over import Taken, take_over

SUMMARY = "List what people said of the groups of FOLDER, write it to a CSV file, or take it over from one."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.add_argument("folder", metavar="FOLDER", help="photos, a .npy with img_paths.txt, or the word demo")
    add_form_argument(parser)
    add_encoding_argument(parser)
    way = parser.add_mutually_exclusive_group()
    way.add_argument("--export", metavar="FILE", type=Path, help="write the corrections to a CSV file")
    way.add_argument(
        "--import",
        metavar="FILE",
        type=Path,
        dest="taken_over",
        help="keep the corrections of a CSV file, all or none; those that are kept already stay as they are",
    )
    parser.add_argument("--raw", action="store_true", help="leave cells that a spreadsheet would run as they are")
    parser.set_defaults(labels=None, category=None, no_copies=False, contradicted=None)


def run(args: argparse.Namespace) -> Result:
    """Imports or exports, and lists the corrections that are then kept."""
    catalog, files, taken = open_catalog(args), [], Taken(0, 0)
    if args.taken_over is not None:
        taken = take_over(catalog, read_bytes(args.taken_over), args.taken_over.name)
    kept = [each for each in read_actions(catalog) if not each.undone]
    if args.export is not None:
        write_bytes(args.export, corrections_csv(catalog, kept, args.raw))
        files.append(str(args.export.absolute()))
    fields = {
        "catalog": catalog.name,
        "folder": str(catalog.folder),
        "n_corrections": len(kept),
        "n_binding": sum(each.kind in BINDING for each in kept),
        "n_imported": taken.n_new,
        "n_elsewhere": taken.n_elsewhere,
        "corrections": [_fields(each) for each in kept],
        "files": files,
    }
    lines = [f"{catalog.name}: corrections kept: {len(kept):,}."]
    lines += [f"{each.number:4d}. {sentence(each)} ({each.who or 'somebody'}, {each.at or 'no date'})" for each in kept]
    if args.taken_over is not None:
        lines.append(f"New corrections from '{args.taken_over}': {taken.n_new:,}.")
        lines += [taken.told] if taken.told else []
    return Result(fields, [*lines, *(f"Wrote '{path}'." for path in files)])


def _fields(each: Action) -> dict[str, Any]:
    return {
        "number": each.number,
        "kind": each.kind,
        "parts": [list(part) for part in each.parts],
        "text": each.text,
        "who": each.who,
        "at": each.at,
    }
