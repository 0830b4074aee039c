"""ARI against the number of answered questions, with true answers, beside random questions.

    python tests/benchmarks/bench_questions.py [--answers 100] [--extractor color_shape] [--clusterer average]

On the demo, and on grocery where it lies in ../shared/data. The threshold is the best one for these photos before any
answer, and stays. "random doubt": questions drawn from the same doubtful pairs; "random pairs": any two photos.
An answer says whether the two shown photos show one model. After each block of answers the photos are grouped again.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.catalog.demo.demo import demo_catalog_folder
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.answers import answer, settled_pairs
from shopsim.grouping.corrections.fit_bound import bound_for, fit_bound
from shopsim.grouping.fit import features_of, fit
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.plain_threshold import plain_threshold
from shopsim.grouping.questions import JOIN, PART, Question, questions_of
from shopsim.grouping.recipe import Recipe

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"
SEED = 0
_MANY = 100_000


def _questions(grouping: Grouping, settled: set[tuple[int, int]], most: int) -> list[Question]:
    fitted = grouping.fitted
    threshold = plain_threshold(fitted.tree, fitted.vectors, grouping.value)
    return questions_of(grouping.labels_pred, fitted.vectors, threshold, fitted.bindings, settled, most)


def chosen(grouping: Grouping, settled: set[tuple[int, int]], most: int, rng: np.random.Generator) -> list[Question]:
    """The questions that the page asks."""
    return _questions(grouping, settled, most)


def random_doubt(grouping: Grouping, settled: set, most: int, rng: np.random.Generator) -> list[Question]:
    """Any of the doubtful pairs."""
    every = _questions(grouping, settled, _MANY)
    return [every[place] for place in rng.permutation(len(every))[:most].tolist()]


def random_pairs(grouping: Grouping, settled: set, most: int, rng: np.random.Generator) -> list[Question]:
    """Any two photos; the answer holds for them alone."""
    rows = rng.integers(0, len(grouping.labels_pred), (most, 2))
    labels = grouping.labels_pred
    return [
        Question(PART if labels[one] == labels[other] else JOIN, np.array([one]), np.array([other]), 0.0, 1.0)
        for one, other in rows.tolist()
        if one != other
    ]


def simulate(fitted: Fitted, recipe: Recipe, ways, n_answers: int, block: int, store: Store) -> list[tuple[int, float]]:
    """The ARI after each block of answers."""
    rng, keys, labels = np.random.default_rng(SEED), photo_keys(fitted.catalog), fitted.catalog.labels_true
    said: list[Action] = []
    value = fitted.opening[0]
    grouping, found = fitted.group(value), []
    found.append((0, grouping.evaluation.ari))
    n_asked = 0
    while n_asked < n_answers:
        asked = ways(grouping, settled_pairs(said, keys), block, rng)
        if not asked:
            break
        for question in asked:
            one, other = question.pair
            n_asked += 1
            try:
                new = answer(question, bool(labels[one] == labels[other]), keys)
                bound_for(fitted, (*said, Action(new.kind, new.parts, number=len(said) + 1)))
            except ShopsimError:
                continue
            said.append(Action(new.kind, new.parts, number=len(said) + 1))
        grouping = fit_bound(fitted, recipe, bound_for(fitted, tuple(said)), store).group(value)
        found.append((n_asked, grouping.evaluation.ari))
    return found


def main() -> None:
    """One line per way, catalogue and block."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--answers", type=int, default=100)
    parser.add_argument("--block", type=int, default=5)
    parser.add_argument("--extractor", default="color_shape")
    parser.add_argument("--clusterer", default="average")
    parser.add_argument("--only", default="")
    args = parser.parse_args()
    store, recipe = Store(cache_dir()), Recipe(clusterer=args.clusterer)
    folders = {"demo": demo_catalog_folder(cache_dir()), "grocery": SHARED / "grocery"}
    for name, folder in folders.items():
        if not folder.is_dir() or args.only not in ("", name):
            continue
        catalog = load_catalog(folder)
        fitted = fit(catalog, features_of(catalog, args.extractor, {}, cache_dir()), recipe, store)
        told = f"{name}, {args.extractor}, {args.clusterer}: {len(catalog.images):,} photos"
        print(f"{told}, threshold {fitted.opening[0]:.3f}")
        for way in (chosen, random_doubt, random_pairs):
            started = time.perf_counter()
            found = simulate(fitted, recipe, way, args.answers, args.block, store)
            told = "  ".join(f"{n}: {ari:.4f}" for n, ari in found[:: max(1, 20 // args.block)])
            print(f"  {way.__name__:13s} {told}  ({time.perf_counter() - started:.0f} s)", flush=True)


if __name__ == "__main__":
    main()
