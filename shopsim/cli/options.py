"""Options of several commands: the output folder, and how much of a network is trained."""

from __future__ import annotations

import argparse
import os
from collections.abc import Callable
from pathlib import Path

from shopsim.base.disk.sweep import sweep_unfinished
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, expanded, is_file, is_folder, links_followed
from shopsim.learning.network.architecture import ARCHITECTURES
from shopsim.learning.network.depth import DEPTHS, MOST


def add_out_argument(parser: argparse.ArgumentParser, what: str, required: bool = True, metavar: str = "DIR") -> None:
    """Adds `--out`; what, metavar: its help and its value."""
    parser.add_argument("--out", metavar=metavar, type=Path, required=required, help=what)


def number_up_to(most: float, what: str) -> Callable[[str], float]:
    """Returns the type of an option that takes a number above 0 and up to `most`; what: its name in the refusal."""

    def parse(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            value = 0.0
        if not 0 < value <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is no {what} above 0 and up to {most:g}.")
        return value

    return parse


def check_out(folder: Path) -> None:
    """Raises ShopsimError, before any work is done, if files cannot be written into the folder.

    Half-written files of killed runs are removed from it.
    """
    existing = folder.absolute()
    while not existing.exists() and existing != existing.parent:
        existing = existing.parent
    if not existing.is_dir():
        raise ShopsimError(f"'{existing}' is a file; --out needs a folder.")
    if not os.access(existing, os.W_OK | os.X_OK):
        raise ShopsimError(f"Cannot write into '{existing}': permission denied; --out needs a folder of yours.")
    sweep_unfinished(folder)


def refuse_inside(out: Path, folder: str) -> None:
    """Raises ShopsimError if `out` is the opened folder or lies in it; for a .npy, if `out` is the folder of that file.

    With an img_paths.txt beside the photos, their folder would be opened as vectors the next time, and every file
    below it would be listed as no photo.
    """
    source, target = as_on_disk(expanded(folder)), links_followed(as_on_disk(out))
    if is_folder(source) and target.is_relative_to(links_followed(source)):
        raise ShopsimError(f"'{out}' is or lies in '{source}', which is grouped; choose another folder for --out.")
    if is_file(source) and target == links_followed(source.parent):
        raise ShopsimError(f"'{out}' holds '{source.name}', which is grouped; choose another folder for --out.")


def add_depth(parser: argparse.ArgumentParser) -> None:
    """Adds `--depth NAME`, one of DEPTHS."""
    told = "; ".join(f"{name}: {_titles(name)}" for name in DEPTHS)
    parser.add_argument(
        "--depth", choices=DEPTHS, default=MOST, help=f"with a network, what of it is trained ({told}; {MOST})"
    )


def _titles(depth: str) -> str:
    """Returns what a depth means, per kind of network where they differ."""
    return " or ".join(dict.fromkeys(each.depths[depth].told for each in ARCHITECTURES.values()))
