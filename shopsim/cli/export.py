"""`export FOLDER ... --out DIR` writes groups.csv and the files of the public baseline."""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from shopsim.base.disk.files import replacing
from shopsim.catalog.catalog import Problem
from shopsim.cli.grouping import GROUPS_NAME, add_grouping_arguments, make_grouping
from shopsim.cli.options import refuse_inside
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result
from shopsim.grouping.added import rows_by_extractor
from shopsim.grouping.baseline_files import write_baseline_files
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.groups_csv import csv_of
from shopsim.grouping.handed_on.group_folders import write_group_folders
from shopsim.grouping.handed_on.parquet import parquet_of
from shopsim.grouping.handed_on.projector_pack import write_projector_pack
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


def run(args: argparse.Namespace) -> Result:
    """Groups the photos, and writes everything."""
    refuse_inside(args.out, args.folder)
    result = make_grouping(args)
    catalog = result.grouping.fitted.catalog
    written = write_baseline_files(
        args.out,
        [image.path.absolute() for image in catalog.images],
        catalog.image_ids,
        _rows(result.grouping.fitted),
        [image.model for image in catalog.images],
        [image.product for image in catalog.images],
        result.grouping.labels_pred,
        args.raw,
        {GROUPS_NAME: csv_of(result.grouping, raw=args.raw), "groups.parquet": parquet_of(result.grouping)},
    )
    packs, told, problems = _packs(args, result.grouping)
    files = [str(path.absolute()) for path in (*written, *packs)]
    names = ", ".join(path.name for path in (*written, *packs))
    lines = [*result.lines, *told, f"Wrote into '{args.out}': {names}."]
    return Result(result.fields | {"files": files}, lines, (*result.problems, *problems))


def _packs(args: argparse.Namespace, grouping: Grouping) -> tuple[list[Path], list[str], list[Problem]]:
    """Writes the packs that are asked for; returns them, a sentence on each, and the photos that are not in one."""
    written, told, problems = [], [], []
    if args.projector:
        written.append(args.out / _PROJECTOR)
        with ProgressLine("drawing") as line, replacing(written[-1]) as file:
            pack = write_projector_pack(grouping, file, line, args.raw)
        told.append(f"{_PROJECTOR}: {pack.told}")
        problems += [Problem(each.name, f"no picture in {_PROJECTOR}: {each.reason}", False) for each in pack.problems]
    if args.photos:
        written.append(args.out / _FOLDERS)
        with ProgressLine("packing") as line, replacing(written[-1]) as file:
            made = write_group_folders(grouping, file, args.photos, line, args.raw)
        told.append(f"{_FOLDERS}: photos: {made.n_packed:,}; groups: {made.n_groups:,}.")
        problems += [Problem(each.name, f"not in {_FOLDERS}: {each.reason}", False) for each in made.problems]
    return written, told, problems


def _rows(fitted: Fitted) -> np.ndarray:
    """Returns the network's own rows; of two extractors, rows whose cosine is the mean of both cosines by share."""
    return (
        np.asarray(fitted.features.raw)
        if fitted.added is None
        else fused(*rows_by_extractor(fitted.features, fitted.added))
    )
