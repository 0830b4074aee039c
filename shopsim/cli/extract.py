"""`extract FOLDER --extractor NAME` fills the cache, so that later commands are quick."""

from __future__ import annotations

import argparse
import time

from shopsim.cli.engine import add_engine_arguments, chosen_engine
from shopsim.cli.opening import add_catalog_arguments, describe, extract, extractor_entry, open_catalog
from shopsim.cli.progress_line import duration
from shopsim.cli.result import Result
from shopsim.cli.settings import add_setting_options, chosen_settings
from shopsim.features.extractors import extractors

SUMMARY = "Compute the features of a folder's photos into the cache; only new photos are computed."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_catalog_arguments(parser)
    add_engine_arguments(parser)
    add_setting_options(parser, extractors)


def run(args: argparse.Namespace) -> Result:
    """Opens the catalogue and extracts the features that the cache does not have."""
    extractor = extractor_entry(args)
    (settings,) = chosen_settings(args, [extractor])
    catalog = open_catalog(args)
    started = time.monotonic()
    with chosen_engine(args) as engine:
        extraction = extract(catalog, extractor, settings, engine)
    seconds = time.monotonic() - started
    features = extraction.features
    n_images, n_features = features.raw.shape
    fields = {
        **describe(catalog),
        "extractor": extractor.name,
        "extractor_settings": settings,
        "extractor_key": features.key,
        "n_features": n_features,
        "n_images": n_images,
        "n_computed": extraction.n_computed,
        "n_known": extraction.n_known,
        "seconds": seconds,
    }
    lines = [
        f"{catalog.name}: {len(catalog.images):,} photos; {catalog.reason}.",
        f"{extractor.name}: {n_features:,} features each of {n_images:,} photos, "
        f"{extraction.n_computed:,} different ones computed now in {duration(seconds)}, "
        f"{extraction.n_known:,} known from before.",
    ]
    return Result(fields, lines, extraction.problems)
