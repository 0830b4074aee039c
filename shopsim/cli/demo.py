"""`demo --out DIR` writes the built-in demo catalogue as files."""

from __future__ import annotations

import argparse

from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import draw_demo
from shopsim.catalog.open_folder import load_catalog
from shopsim.cli.opening import describe
from shopsim.cli.options import add_out_argument, check_out
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.result import Result

SUMMARY = "Draw the built-in demo catalogue into a new folder."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_out_argument(parser, "a new or empty folder")


def run(args: argparse.Namespace) -> Result:
    """Draws the demo, and reads it as any other catalogue is read."""
    check_out(args.out)
    with ProgressLine("Drawing the demo") as progress:
        truth = draw_demo(args.out, progress)
    catalog: Catalog = load_catalog(args.out)
    fields = {
        **describe(catalog),
        "n_images": len(catalog.images),
        "n_models": len(catalog.models),
        "n_wrong_labels": len(truth.wrong_labels),
    }
    lines = [
        f"Drew {len(catalog.images):,} photos of {len(catalog.models)} models into '{args.out}', "
        f"{len(truth.wrong_labels)} under a wrong model's name and {catalog.n_copies} byte-equal copies."
    ]
    return Result(fields, lines, catalog.problems)
