"""`export FOLDER ... --out DIR` writes groups.csv and the files of the public baseline."""

from __future__ import annotations

import argparse
from dataclasses import replace

import numpy as np

from shopsim.cli.corrections_option import add_corrections_option
from shopsim.cli.grouping import GROUPS_NAME, add_grouping_arguments
from shopsim.cli.kept_run import add_run_arguments, make
from shopsim.cli.options import refuse_inside
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.cli.to_database import add_database_argument, checked_target, write_to
from shopsim.grouping.added import rows_by_extractor
from shopsim.grouping.baseline_files import write_baseline_files
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.handed_on.packs import Pack, make_pack
from shopsim.grouping.handed_on.parquet import parquet_of
from shopsim.spaces.fusion import fused

SUMMARY = "Group, and write the groups as CSV and Parquet, the public baseline's files, and packs for other programs."

_PROJECTOR, _FOLDERS = "projector.zip", "groups.zip"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where the files go, outside the folder of the photos; made if need be")
    parser.add_argument(
        "--projector",
        action="store_true",
        help=f"also write {_PROJECTOR}, which TensorFlow's Embedding Projector opens",
    )
    parser.add_argument(
        "--photos",
        choices=("one", "all"),
        help=f"also write {_FOLDERS}: a folder per group with its most central photo, or with all of its photos",
    )
    add_corrections_option(parser)
    add_run_arguments(parser)
    add_database_argument(parser)


def run(args: argparse.Namespace) -> Result:
    """Groups the photos, and writes everything."""
    if args.folder is not None:
        refuse_inside(args.out, args.folder)
    target = checked_target(args)
    made = make(args)
    result = made.result
    # Of a run, the folder is only known now.
    refuse_inside(args.out, args.folder)
    # Everything that is written has the numbers of the run.
    numbered, catalog = replace(result.grouping, labels_pred=made.groups), result.grouping.fitted.catalog
    written = write_baseline_files(
        args.out,
        [image.path.absolute() for image in catalog.images],
        catalog.image_ids,
        _rows(result.grouping.fitted),
        [image.model for image in catalog.images],
        [image.product for image in catalog.images],
        made.groups,
        args.raw,
        {GROUPS_NAME: csv_of(numbered, raw=args.raw), "groups.parquet": parquet_of(numbered)},
    )
    packs = _packs(args, numbered)
    written += [pack.path for pack in packs]
    names = ", ".join(path.name for path in written)
    told = [f"{pack.path.name}: {pack.told}" for pack in packs]
    more, told_of_database = write_to(target, args, made)
    fields = result.fields | {"files": [str(path.absolute()) for path in written]} | more
    problems = (*result.problems, *(problem for pack in packs for problem in pack.problems))
    lines = [*result.lines, *told, f"Wrote into '{args.out}': {names}.", *told_of_database]
    return Result(fields, lines, problems)


def _packs(args: argparse.Namespace, grouping: Grouping) -> list[Pack]:
    """Writes the packs that are asked for."""
    kinds = {_PROJECTOR: "projector" if args.projector else None, _FOLDERS: args.photos}
    packs = []
    for name, kind in kinds.items():
        if kind is not None:
            with ProgressLine(name) as line:
                packs.append(make_pack(kind, grouping, args.out / name, args.raw, line))
    return packs


def _rows(fitted: Fitted) -> np.ndarray:
    """Returns the network's own rows; of two extractors, rows whose cosine is the mean of both cosines by share."""
    return (
        np.asarray(fitted.features.raw)
        if fitted.added is None
        else fused(*rows_by_extractor(fitted.features, fitted.added))
    )
