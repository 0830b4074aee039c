"""`export FOLDER ... --out DIR` writes groups.csv and the files of the public baseline."""

from __future__ import annotations

import argparse

import numpy as np

from shopsim.cli.grouping import GROUPS_NAME, add_grouping_arguments
from shopsim.cli.kept_run import add_run_arguments, make
from shopsim.cli.options import refuse_inside
from shopsim.cli.result import Result
from shopsim.cli.to_database import add_database_argument, checked_target, write_to
from shopsim.grouping.added import rows_by_extractor
from shopsim.grouping.baseline_files import write_baseline_files
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.groups_csv import csv_of
from shopsim.spaces.fusion import fused

SUMMARY = "Group, and write groups.csv, the files of the public baseline and the projector's metadata.tsv."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where the files go, outside the folder of the photos; made if need be")
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
    catalog = result.grouping.fitted.catalog
    written = write_baseline_files(
        args.out,
        [image.path.absolute() for image in catalog.images],
        catalog.image_ids,
        _rows(result.grouping.fitted),
        [image.model for image in catalog.images],
        [image.product for image in catalog.images],
        made.groups,
        args.raw,
        {GROUPS_NAME: csv_of(result.grouping, raw=args.raw, groups=made.groups)},
    )
    files = [str(path.absolute()) for path in written]
    lines = [*result.lines, f"Wrote into '{args.out}': {', '.join(path.name for path in written)}."]
    more, told = write_to(target, args, made)
    return Result(result.fields | {"files": files} | more, [*lines, *told], result.problems)


def _rows(fitted: Fitted) -> np.ndarray:
    """Returns the network's own rows; of two extractors, rows whose cosine is the mean of both cosines by share."""
    return (
        np.asarray(fitted.features.raw)
        if fitted.added is None
        else fused(*rows_by_extractor(fitted.features, fitted.added))
    )
