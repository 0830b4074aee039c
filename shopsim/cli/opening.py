"""From FOLDER and its options to a catalogue and its features."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shopsim import ShopsimError
from shopsim.catalog import Catalog, Problem
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.settings import name_in
from shopsim.demo import demo_catalog_folder
from shopsim.extractors import extractors
from shopsim.features import Features
from shopsim.open_catalog import load_catalog
from shopsim.paths import cache_dir
from shopsim.pipeline import OWN_VECTORS, features_of
from shopsim.recognise import FORMS
from shopsim.registry import Entry, Value
from shopsim.vector_catalog import find_vectors

DEFAULT_EXTRACTOR = "color_shape"
_DEMO = "demo"
# A catalogue's own vectors have no settings.
_OWN_ENTRY: Entry[Any] = Entry(OWN_VECTORS, "Own vectors", "", "", (), lambda: None)


def add_catalog_arguments(parser: argparse.ArgumentParser, default: str = "") -> None:
    """FOLDER, how to read it, and the extractor. default: which that is, where it is another than elsewhere."""
    default = default or f"{DEFAULT_EXTRACTOR}, or {OWN_VECTORS} where the catalogue brings some"
    parser.add_argument("folder", metavar="FOLDER", help="photos, a .npy with img_paths.txt, or the word demo")
    parser.add_argument(
        "--extractor",
        metavar="NAME",
        type=name_in(extractors, OWN_VECTORS),
        help=f"one of {', '.join([*sorted(extractors.names()), OWN_VECTORS])} (default: {default})",
    )
    parser.add_argument("--form", choices=[*FORMS, "vectors"], help="how to read the folder (default: recognise it)")
    parser.add_argument(
        "--labels", metavar="FILE", type=Path, help="true models: one a line by sorted path, or a CSV by path"
    )
    parser.add_argument("--category", metavar="NAME", help="only the photos of that category")
    parser.add_argument("--no-copies", action="store_true", help="leave out byte-equal copies")


def open_catalog(args: argparse.Namespace) -> Catalog:
    """The photos that FOLDER and its options name. Raises ShopsimError for an unknown category."""
    folder, name = Path(args.folder), None
    if args.folder == _DEMO and not folder.exists():
        with ProgressLine("Drawing the demo") as progress:
            folder, name = demo_catalog_folder(cache_dir(), progress), _DEMO
    with ProgressLine("Reading the catalogue") as progress:
        catalog = load_catalog(folder, form=args.form, labels=args.labels, progress=progress)
    catalog = replace(catalog, name=name or catalog.name)
    if args.category is not None:
        if args.category not in catalog.categories:
            known = ", ".join(catalog.categories) or "none"
            raise ShopsimError(f"'{catalog.name}' has no category '{args.category}'. Known: {known}.")
        catalog = catalog.in_category(args.category)
    if not catalog.images:
        raise ShopsimError(f"'{args.folder}' holds no photo that can be read{_first_problem(catalog)}.")
    return catalog.without_copies() if args.no_copies else catalog


def extractor_entry(args: argparse.Namespace) -> Entry[Any]:
    """The extractor asked for, or the default for that FOLDER."""
    name = args.extractor
    if name is None:
        name = OWN_VECTORS if _brings_vectors(args) else DEFAULT_EXTRACTOR
    return _OWN_ENTRY if name == OWN_VECTORS else extractors.entry(name)


@dataclass(frozen=True)
class Extraction:
    """Features, and how much of them was new.

    problems: everything left out so far, each with its reason.
    n_computed, n_known: different photos looked at now, and found in the cache.
    """

    features: Features
    problems: tuple[Problem, ...]
    n_computed: int
    n_known: int


def extract(catalog: Catalog, extractor: Entry[Any], settings: dict[str, Value]) -> Extraction:
    """The features of a catalogue, with progress on stderr."""
    with ProgressLine(f"Extracting {extractor.name}") as progress:
        features = features_of(catalog, extractor.name, settings, cache_dir(), progress)
    problems = (*catalog.problems, *features.problems)
    return Extraction(features, problems, progress.done - progress.initial, progress.initial)


def describe(catalog: Catalog) -> dict[str, Any]:
    """The fields of the JSON object that tell what was opened."""
    return {
        "catalog": catalog.name,
        "folder": str(catalog.folder),
        "form": catalog.form,
        "reason": catalog.reason,
        "n_copies": catalog.n_copies,
    }


def _brings_vectors(args: argparse.Namespace) -> bool:
    return args.form in (None, "vectors") and find_vectors(Path(args.folder).expanduser()) is not None


def _first_problem(catalog: Catalog) -> str:
    if not catalog.n_left_out:
        return ""
    first = next(problem for problem in catalog.problems if problem.left_out)
    return f"; {catalog.n_left_out} left out, '{first.name}' for one: {first.reason.rstrip('.')}"
