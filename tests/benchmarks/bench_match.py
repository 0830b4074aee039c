"""Prints how well new photos are matched: whole models and single photos are hidden, and then matched as new ones.

    python tests/benchmarks/bench_match.py [--extractor NAME] [--rounds N] FOLDER...
    python tests/benchmarks/bench_match.py --speed

In each round a fifth of the models and 15 % of the other photos are hidden. The rest is grouped at its own best
threshold, and everything else is chosen on the rest too. Of *new*: the share of the photos called new that are of a
hidden model, and the share of these photos that are called new. Of *group*: the share of the joined photos whose group
shows their model, and the share of the photos of known models that joined such a group. Balanced: the mean of both
second shares. Part A has every second model, part B the others; the rule `nearest` was chosen on part A.
Without labels: the same, but labels are only used to score. Without a folder: the demo.

--speed: 1,000 made-up new photos against 10,000, as vectors of 1,280 numbers.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from made_catalogue import make

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.features.extract import Features
from shopsim.grouping.fit import OWN_VECTORS, features_of, fit
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.matching.additions import Additions
from shopsim.grouping.matching.likeness import RULES
from shopsim.grouping.matching.matched import Matched, match_new, together_with
from shopsim.grouping.matching.source import ByRecipe
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.evaluation import evaluate
from shopsim.tuning.built_in.look import open_unlabelled

_NONE = Additions(Path())


@dataclass(frozen=True)
class Hidden:
    """One round: the photos that stay, and those that are hidden; models: of all photos, by image_id."""

    stay: Catalog
    new: Catalog
    models: dict[str, str | None]


def rounds(catalog: Catalog, n_rounds: int) -> Iterator[Hidden]:
    """Hides a fifth of the models, and 15 % of the photos of the others."""
    models = {image.image_id: image.model for image in catalog.images}
    for seed in range(n_rounds):
        rng = np.random.default_rng(seed)
        hidden = set(rng.permutation(catalog.models)[: max(1, len(catalog.models) // 5)].tolist())
        is_new = [image.model in hidden or rng.random() < 0.15 for image in catalog.images]
        sides = [[i for i, new in zip(catalog.image_ids, is_new, strict=True) if new is side] for side in (False, True)]
        yield Hidden(catalog.subset(sides[0]), catalog.subset(sides[1]), models)


def matched_by(
    hidden: Hidden, features: Features, extractor: str, rule: str, labelled: bool
) -> tuple[Grouping, Matched]:
    """Groups the photos that stay, and matches the hidden ones."""
    store, recipe = Store(cache_dir()), Recipe()
    stay = hidden.stay if labelled else _without_labels(hidden.stay)
    fitted = fit(stay, features, recipe, store)
    if not labelled:
        fitted = open_unlabelled(extractor, recipe, fitted, cache_dir())
    grouping = fitted.group(*fitted.opening)
    source = ByRecipe(fitted, extractor, {}, recipe)
    together = together_with(grouping, source, _NONE, store)
    return grouping, match_new(grouping, source, together, _without_labels(hidden.new), rule, store)


def _without_labels(catalog: Catalog) -> Catalog:
    return replace(catalog, images=tuple(replace(image, model=None) for image in catalog.images))


def scores(hidden: Hidden, grouping: Grouping, found: Matched) -> np.ndarray:
    """(8,) float64: the columns of `report`."""
    ids = found.catalog.image_ids
    truth = np.array([hidden.models[image_id] or "" for image_id in ids])
    shown = _main_models(hidden, grouping)
    known_models = {hidden.models[image_id] for image_id in grouping.fitted.catalog.image_ids}
    known = np.array([model in known_models for model in truth])
    new = found.matches.is_new
    right = ~new & (np.array([shown.get(group, "") for group in found.matches.group.tolist()]) == truth)
    is_best = np.array([shown.get(group, "") for group in found.matches.like.best.tolist()]) == truth
    found_new, of_known = (new & ~known).sum() / max((~known).sum(), 1), right.sum() / max(known.sum(), 1)
    ari = evaluate(np.unique(truth[new & ~known], return_inverse=True)[1], found.matches.group[new & ~known]).ari
    return np.array([
        (new & ~known).sum() / max(new.sum(), 1), found_new, right.sum() / max((~new).sum(), 1), of_known,
        (found_new + of_known) / 2, ari, _calibration_error(found, is_best, known), found.matches.decision.threshold,
    ])  # fmt: skip


def _main_models(hidden: Hidden, grouping: Grouping) -> dict[int, str]:
    models = np.array([hidden.models[image_id] or "" for image_id in grouping.fitted.catalog.image_ids])
    groups = grouping.labels_pred
    return {
        group: max(sorted(set(own)), key=own.count)
        for group in range(int(groups.max()) + 1)
        if (own := models[groups == group].tolist())
    }


def _calibration_error(found: Matched, is_best: np.ndarray, known: np.ndarray) -> float:
    """Mean difference of the stated probability and the true share in ten bins; both kinds of photos weigh the same."""
    stated = found.matches.probability
    if stated is None or known.all() or not known.any():
        return np.nan
    weight = np.where(known, 0.5 / known.sum(), 0.5 / (~known).sum())
    bins = np.minimum((stated * 10).astype(int), 9)
    return float(np.abs(np.bincount(bins, weight * (stated - is_best), 10)).sum())


_HEADER = (
    "new: precision",
    "recall",
    "group: precision",
    "recall",
    "balanced",
    "ARI of new",
    "calib. error",
    "join from",
)


def report(catalog: Catalog, features: Features, extractor: str, n_rounds: int) -> None:
    """One line per rule, with labels and without."""
    print(f"  {len(catalog.images):,} photos of {len(catalog.models)} models")
    print(f"    {'rule':24}  " + "  ".join(f"{title:>16}" for title in _HEADER))
    for labelled in (True, False):
        for rule in RULES:
            rows = [
                scores(hidden, *matched_by(hidden, features, extractor, rule, labelled))
                for hidden in rounds(catalog, n_rounds)
            ]
            name = f"{rule}, {'with' if labelled else 'without'} labels"
            cells = "  ".join(f"{cell:16.3f}" for cell in np.mean(rows, axis=0))
            print(f"    {name:24}  {cells}", flush=True)


def part(catalog: Catalog, first: int) -> Catalog:
    """Every second model, from that one on."""
    kept = set(catalog.models[first::2])
    return catalog.subset([image.image_id for image in catalog.images if image.model in kept])


def speed() -> None:
    """The time of 1,000 new photos against 10,000."""
    with tempfile.TemporaryDirectory() as place:
        make(Path(place), 11_000, 1280)
        catalog = load_catalog(Path(place) / "features.npy", cache=Path(place))
        features, store, recipe = features_of(catalog, OWN_VECTORS, {}, Path(place)), Store(Path(place)), Recipe()
        stay, new = (catalog.subset(catalog.image_ids[part]) for part in (slice(0, 10_000), slice(10_000, None)))
        fitted = fit(stay, features, recipe, store)
        grouping = fitted.group(*fitted.opening)
        source = ByRecipe(fitted, OWN_VECTORS, {}, recipe)
        for what in ("first time, with the test that chooses the threshold", "later"):
            start, processor = time.perf_counter(), time.process_time()
            together = together_with(grouping, source, _NONE, store)
            match_new(grouping, source, together, new, RULES[-1], store)
            took, worked = time.perf_counter() - start, time.process_time() - processor
            print(f"  1,000 new photos against 10,000, {what}: {took:.2f} s, {worked:.2f} s of processor", flush=True)


def main() -> None:
    """Every catalogue named, whole and in two parts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--extractor", default="efficientnet_lite0")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("folder", nargs="*", type=Path)
    given = parser.parse_args()
    if given.speed:
        speed()
        return
    for folder in given.folder or [demo_catalog_folder(cache_dir())]:
        catalog = load_catalog(folder)
        features = features_of(catalog, given.extractor, {}, cache_dir())
        labelled = [image.image_id for image in catalog.images if image.model is not None]
        catalog = catalog.subset(set(labelled) & set(features.image_ids))
        for name, first in (("part A", 0), ("part B", 1)):
            print(f"{folder.name}, {given.extractor}, {name}")
            report(part(catalog, first), features, given.extractor, given.rounds)


if __name__ == "__main__":
    main()
