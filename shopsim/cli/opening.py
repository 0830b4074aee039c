"""Opens the catalogue that FOLDER and its options name, and extracts its features."""

from __future__ import annotations

import argparse
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, cache_dir, expanded
from shopsim.base.registry import Entry, Value
from shopsim.base.same_name import composed
from shopsim.base.text.text_encodings import ENCODINGS
from shopsim.catalog.catalog import Catalog, Problem
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.forms.folder_forms import FORMS
from shopsim.catalog.forms.readings import SeveralReadingsError
from shopsim.catalog.labels.contradictions import BOTH, FIRST, WAYS, contradiction_sentence, settle, way_for
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.own_vectors import VECTORS_FORM
from shopsim.catalog.vector_files import find_vectors
from shopsim.cli.progress_line import ProgressLine
from shopsim.cli.settings import name_in
from shopsim.cli.terminal import say
from shopsim.features.default_extractor import TOLD, default_extractor
from shopsim.features.extract import Features
from shopsim.features.extractors import extractors
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.fit import OWN_VECTORS, features_of

DEFAULT_TOLD = f"{OWN_VECTORS} where the catalogue brings some, else {TOLD}"
_DEMO = "demo"
# A catalogue's own vectors have no settings.
_OWN_ENTRY: Entry[Any] = Entry(OWN_VECTORS, "Own vectors", "", "", (), lambda: None)


def add_catalog_arguments(parser: argparse.ArgumentParser, default: str = "") -> None:
    """Adds FOLDER, how to read it, and the extractor. default: the help's words, if the default is a special one."""
    default = default or DEFAULT_TOLD
    parser.add_argument("folder", metavar="FOLDER", help="photos, a .npy with img_paths.txt, or the word demo")
    parser.add_argument(
        "--extractor",
        metavar="NAME",
        type=name_in(extractors, OWN_VECTORS),
        help=f"one of {', '.join([*sorted(extractors.names()), OWN_VECTORS])} (default: {default})",
    )
    add_trust_argument(parser)
    add_form_argument(parser)
    parser.add_argument(
        "--labels",
        metavar="FILE",
        type=Path,
        help="true models: one per line by sorted path, a CSV by path, or a .npy of either",
    )
    add_encoding_argument(parser)
    parser.add_argument(
        "--urls",
        action="store_true",
        help="read the photos that catalog.csv names by URLs too, such as s3://bucket/photo.jpg; file:// only "
        "in its own folder",
    )
    parser.add_argument("--category", metavar="NAME", help="only the photos of that category")
    parser.add_argument("--no-copies", action="store_true", help="leave out byte-equal copies")
    ways = "; ".join(f"{way}: {told}" for way, told in WAYS.items())
    parser.add_argument(
        "--contradicted",
        choices=list(WAYS),
        help=f"byte-equal photos under different models. {ways} (default: {BOTH}, with --no-copies {FIRST})",
    )


def add_form_argument(parser: argparse.ArgumentParser, which: str = "the folder") -> None:
    """Adds `--form`; which: the folder that is read so, for the help."""
    known = [*FORMS, VECTORS_FORM]
    parser.add_argument("--form", choices=known, help=f"how to read {which} (default: recognise it)")


def add_encoding_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--encoding`, for text files that do not say theirs."""
    known = "of tables and labels that are not UTF-8 (default: the one that fits them best; a line says which)"
    parser.add_argument("--encoding", choices=list(ENCODINGS), help=known)


def add_trust_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--trust-network`, for every command that extracts features."""
    parser.add_argument(
        "--trust-network",
        action="store_true",
        help="load the network that an option or tuned settings name; it is a program, so do it only if you trust it",
    )


def open_catalog(args: argparse.Namespace, asked: str = "Choose by") -> Catalog:
    """Opens the photos that FOLDER and its options name.

    asked: the words before the options, if a person must choose a form. Raises ShopsimError for an unknown category,
    and if a form must be chosen.
    """
    folder, name = Path(args.folder), None
    if args.folder == _DEMO and not folder.exists():
        with ProgressLine("Drawing the demo") as progress:
            folder, name = demo_catalog_folder(cache_dir(), progress), _DEMO
    try:
        with ProgressLine("Reading the catalogue") as progress:
            catalog = load_catalog(
                folder,
                form=args.form,
                labels=args.labels,
                encoding=args.encoding,
                progress=progress,
                urls=getattr(args, "urls", False),
            )
    except SeveralReadingsError as question:
        options = ", ".join(f"--form {reading.form}" for reading in question.readings)
        raise ShopsimError(f"{question} {asked} one of {options}.") from None
    catalog = replace(catalog, name=name or catalog.name)
    if args.category is not None:
        category = composed(args.category)
        if category not in catalog.categories:
            known = ", ".join(catalog.categories) or "none"
            raise ShopsimError(f"'{catalog.name}' has no category '{category}'. Known: {known}.")
        catalog = catalog.in_category(category)
    if not catalog.images:
        raise ShopsimError(f"'{args.folder}' holds no photo that can be read{_first_problem(catalog)}.")
    told = contradiction_sentence(catalog)
    if told:
        way = WAYS[way_for(not args.no_copies, args.contradicted)]
        say(f"{told} Here {way}; --contradicted chooses among {', '.join(WAYS)}.")
    return settle(catalog, not args.no_copies, args.contradicted)


def extractor_entry(args: argparse.Namespace) -> Entry[Any]:
    """Returns the extractor that was asked for, or the default for that FOLDER."""
    name = args.extractor
    if name is None:
        name = OWN_VECTORS if _brings_vectors(args) else told_default()
    return _OWN_ENTRY if name == OWN_VECTORS else extractors.entry(name)


def told_default() -> str:
    """Returns the extractor that is taken where none is named, and says which one that is."""
    name = default_extractor()
    say(f"Features by {name}, the default extractor.")
    return name


@dataclass(frozen=True)
class Extraction:
    """Features, and how many of them are new.

    problems: everything left out so far, each with its reason.
    n_computed, n_known: different photos that were computed now, and that were found in the cache.
    """

    features: Features
    problems: tuple[Problem, ...]
    n_computed: int
    n_known: int


def extract(catalog: Catalog, extractor: Entry[Any], settings: dict[str, Value], engine: Engine = HERE) -> Extraction:
    """Extracts the features of a catalogue, with progress on stderr."""
    with ProgressLine(f"Extracting {extractor.name}") as progress:
        features = features_of(catalog, extractor.name, settings, cache_dir(), progress, engine=engine)
    problems = (*catalog.problems, *features.problems)
    return Extraction(features, problems, progress.done - progress.initial, progress.initial)


def describe(catalog: Catalog) -> dict[str, Any]:
    """Returns the fields of the JSON object that say what was opened."""
    return {
        "catalog": catalog.name,
        "folder": str(catalog.folder),
        "form": catalog.form,
        "reason": catalog.reason,
        "n_copies": catalog.n_copies,
        "n_contradicted": catalog.n_contradicted,
    }


def _brings_vectors(args: argparse.Namespace) -> bool:
    folder = as_on_disk(expanded(args.folder))
    return args.form in (None, VECTORS_FORM) and find_vectors(folder) is not None


def _first_problem(catalog: Catalog) -> str:
    if not catalog.n_left_out:
        return ""
    first = next(problem for problem in catalog.problems if problem.left_out)
    return f"; {catalog.n_left_out} left out, '{first.name}' for one: {first.reason.rstrip('.')}"
