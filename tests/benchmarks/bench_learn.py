"""Prints held-out ARI and error against the baseline's before learning and after, with time and memory.

    SHOPSIM_MODEL_DIR=... python tests/benchmarks/bench_learn.py [--extractor NAME] [--minutes M]
        [--search-minutes M] [--what metric|network] [FOLDER...]

Everything is learnt and chosen anew in each of five folds of models and scored once on the others. Photos pass the
network's frozen part once for all folds; that time stands apart. What was learnt before in the same cache is not
learnt again, so that times are those of a first run only with an empty SHOPSIM_CACHE. Without a folder: the demo.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections.abc import Sequence
from pathlib import Path

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.grouping.companions import companion_features, companions_of
from shopsim.grouping.fit import features_of
from shopsim.learning.prepare import METRIC, NETWORK, learner_for
from shopsim.tuning.held_out import HeldOut, held_out

MIB = 1024


def line(what: str, result: HeldOut, seconds: float) -> str:
    """One row of the table."""
    low, high = result.interval
    ratio = "-" if result.error_ratio is None else f"{result.error_ratio:.3f}"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // MIB
    return (
        f"  {what:<8} ARI {result.ari:.3f} ({low:.3f} to {high:.3f}), tuned {result.tuned_ari:.3f}, "
        f"error ratio {ratio}, {seconds / len(result.folds):,.0f} s a fold, peak memory {peak:,} MiB"
    )


def report(folder: Path, extractor: str, minutes: float, search_minutes: float, learned: Sequence[str]) -> None:
    """Plain, and with what is learned. minutes: for what is learnt in a fold; search_minutes: for what Auto tries."""
    cache = cache_dir()
    catalog = load_catalog(folder, cache=cache)
    features = features_of(catalog, extractor, {}, cache)
    kept = catalog.subset(features.image_ids)
    added = companion_features(kept, features, cache, companions_of(extractor))
    print(f"{folder.name}, {extractor}: {len(kept.images):,} photos, {len(kept.models)} models", flush=True)
    for what in (None, *learned):
        begun = time.perf_counter()
        learner = what and learner_for(what, kept, features, added, extractor, {}, cache, minutes * 60)
        prepared = time.perf_counter() - begun
        seconds = search_minutes * 60 if learner else None
        result = held_out(
            kept, features, added=added, main=extractor, store=Store(cache), learner=learner, seconds=seconds
        )
        print(line(what or "plain", result, time.perf_counter() - begun - prepared), flush=True)
        if what == NETWORK:
            print(f"  the frozen part: {prepared:,.0f} s, {prepared / len(kept.images) * 1000:,.0f} ms a photo")
        if what:
            print("\n".join(f"    {fold.evaluation.ari:.3f} {fold.sentence}" for fold in result.folds))
    print(f"  baseline ARI {result.baseline_ari:.3f}")


def main() -> None:
    """Every catalogue named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", default="mobilenet_v2")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--search-minutes", type=float, help="default: as many, which is what the command gives")
    parser.add_argument("--what", choices=(METRIC, NETWORK), help="default: both")
    parser.add_argument("folder", nargs="*", type=Path)
    given = parser.parse_args()
    for folder in given.folder or [demo_catalog_folder(cache_dir())]:
        search_minutes = given.minutes if given.search_minutes is None else given.search_minutes
        learned = [given.what] if given.what else [METRIC, NETWORK]
        report(folder, given.extractor, given.minutes, search_minutes, learned)


if __name__ == "__main__":
    main()
