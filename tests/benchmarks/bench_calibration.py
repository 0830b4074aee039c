"""Prints how well calibrated similarity holds on models that it was not calibrated on.

    python tests/benchmarks/bench_calibration.py [--extractor NAME] FOLDER...

For each catalogue, raw and half-whitened: the calibration error on pairs stated at 20 % or more, the log loss over
all pairs, the same two without correcting the share of same-model pairs, and the log loss of knowing only that share.
Then what average linkage's groups at 50, 80 and 95 % were expected to reach and what they reached: by what merges at
that similarity reached among the tuning models, and by the probability of each pair alone. Without a folder: the demo.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path
from statistics import fmean

import numpy as np

from shopsim.base.paths import cache_dir
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.clusterers import Clusterer, clusterers
from shopsim.clusterers.memory import fit_in_memory
from shopsim.grouping.fit import OWN_VECTORS, features_of
from shopsim.scoring.calibration.expected_scores import count_merges, expected_of_merges, expected_of_pairs
from shopsim.scoring.calibration.fit import Count, calibrate_across, pairs_in
from shopsim.scoring.calibration.quality import held_out_quality
from shopsim.scoring.curve import threshold_curve
from shopsim.scoring.folds import model_folds
from shopsim.spaces import Space, spaces

SPACES = {"raw": ("raw", {}), "whitened 0.5": ("whitened", {"strength": 0.5})}
STATED = (0.5, 0.8, 0.95)


def merges_in(space: Space, clusterer: Clusterer) -> Count:
    """Counts pairs by the merge that joins them, in the clusterer's merge tree in that space, fitted on others."""
    return lambda tuning, rows, labels_true: count_merges(
        fit_in_memory(clusterer, space.fit(tuning).transform(rows)), labels_true
    )


def report(vectors: np.ndarray, labels: np.ndarray, space: Space) -> None:
    """The two parts for one space."""
    linkage = clusterers.create("average")
    by_pair, by_merge = pairs_in(space), merges_in(space, linkage)
    start = time.perf_counter()
    found, plain = (held_out_quality(vectors, labels, by_pair, corrected=yes) for yes in (True, False))
    print(
        f"    error {found.reliability.error:.3f} ({plain.reliability.error:.3f} with the tuning photos' share), "
        f"log loss {found.log_loss:.4f} ({plain.log_loss:.4f}), of the true share alone {found.prior_log_loss:.4f}; "
        f"{(time.perf_counter() - start) / 2:.1f} s"
    )
    rows: dict[float, list[tuple[float, ...]]] = {stated: [] for stated in STATED}
    for fold in model_folds(labels):
        tuning, of_tuning, n = vectors[fold.tuning], labels[fold.tuning], len(fold.held_out)
        pairs, merges = (calibrate_across(tuning, of_tuning, n, count).for_photos(n) for count in (by_pair, by_merge))
        placed = space.fit(tuning).transform(vectors[fold.held_out])
        tree = linkage.fit(placed)
        curve = threshold_curve(tree, labels[fold.held_out])
        for stated in STATED:
            threshold = pairs.similarity_at(stated)
            point = np.flatnonzero(curve.similarity >= threshold)[-1]
            by_merges = expected_of_merges(tree, threshold, merges)
            by_pairs = expected_of_pairs(placed, tree.cut(threshold), pairs)
            rows[stated].append(
                (curve.precision[point], by_merges.precision, by_pairs.precision)
                + (curve.recall[point], by_merges.recall, by_pairs.recall, curve.ari[point])
            )
    for stated, found_rows in rows.items():
        cells = [fmean(column) for column in zip(*found_rows, strict=True)]
        print(
            "    groups at {:.0%}: precision {:.3f}, expected {:.3f} by merges and {:.3f} by pairs; "
            "recall {:.3f}, expected {:.3f} and {:.3f}; ARI {:.3f}".format(stated, *cells)
        )


def main() -> None:
    """Every catalogue with every extractor named."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", action="append")
    parser.add_argument("folder", nargs="*", type=Path)
    given = parser.parse_args()
    cache = cache_dir()
    for folder in given.folder or [demo_catalog_folder(cache)]:
        catalog = load_catalog(folder, cache=cache)
        for name in given.extractor or ["color_shape"]:
            own = OWN_VECTORS if catalog.vectors_path else name
            features = features_of(catalog, own, {}, cache)
            labels = catalog.subset(features.image_ids).labels_true
            for title, space in SPACES.items():
                print(f"{folder.name}, {own}, {title}: {len(labels):,} photos", flush=True)
                report(features.vectors, labels, spaces.create(space[0], **space[1]))


if __name__ == "__main__":
    main()
