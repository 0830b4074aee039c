"""`export FOLDER ... --out DIR`: groups.csv and the files of the public baseline."""

from __future__ import annotations

import argparse
from pathlib import Path

from shopsim import ShopsimError
from shopsim.baseline_files import write_baseline_files
from shopsim.cli.grouping import add_grouping_arguments, make_grouping, write_groups
from shopsim.cli.result import Result
from shopsim.paths import as_on_disk

SUMMARY = "Group, and write groups.csv, the files of the public baseline and the projector's metadata.tsv."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, "where the files go, not the folder of the photos; made if need be")


def run(args: argparse.Namespace) -> Result:
    """Group, and write everything."""
    _refuse_own_folder(as_on_disk(Path(args.folder).expanduser()), args.out)
    result = make_grouping(args)
    catalog = result.grouping.fitted.catalog
    written = write_baseline_files(
        args.out,
        [image.path.absolute() for image in catalog.images],
        catalog.image_ids,
        result.grouping.fitted.features.raw,
        [image.model for image in catalog.images],
        [image.product for image in catalog.images],
        result.grouping.labels_pred,
        args.raw,
    )
    written.append(write_groups(result.grouping, args.out, args.raw))
    files = [str(path.absolute()) for path in written]
    lines = [*result.lines, f"Wrote into '{args.out}': {', '.join(path.name for path in written)}."]
    return Result(result.fields | {"files": files}, lines, result.problems)


def _refuse_own_folder(source: Path, out: Path) -> None:
    """An img_paths.txt beside the photos would make their folder open as vectors the next time."""
    own = source.parent if source.is_file() else source
    if out.resolve() == own.resolve():
        raise ShopsimError(f"'{out}' holds what is exported; choose another folder for --out.")
