"""Groups the photos of a fitted catalogue again, so that the groups respect corrections."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.photo_keys import photo_keys
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.memory import fit_in_memory
from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.bound import Bound, bound_of
from shopsim.grouping.corrections.meaning import statements_of
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.kept_trees import keep_tree, kept_tree
from shopsim.grouping.recipe import Recipe


def bound_for(fitted: Fitted, actions: tuple[Action, ...]) -> Bound:
    """Returns what the actions mean for the photos of a fitted catalogue.

    actions: of all catalogues. Raises Contradiction if they contradict each other.
    """
    catalog, statements = fitted.catalog, statements_of(actions)
    if not statements:
        return Bound(len(catalog.images), (), ())
    return bound_of(photo_keys(catalog), statements, catalog.image_ids)


def fit_bound(
    fitted: Fitted, recipe: Recipe, bound: Bound, store: Store, progress: Progress = silent, run: Run = here
) -> Fitted:
    """Returns the same photos and vectors with a tree that respects the corrections; keeps the tree in the store.

    recipe: the one that `fitted` was fitted by. Photos that `fitted` never joins stay apart, except those that
    corrections put together. The control opens where that of `fitted` does: a threshold is never tuned on scores that
    corrections have raised. run: carries out what is not in the store yet. Without corrections `fitted` itself is
    returned.
    Raises ShopsimError if the clusterer cannot keep photos together or apart, or if the tree would not fit in memory.
    """
    if not bound:
        return fitted
    check_takes_bindings(recipe.clusterer)
    key = digest_of("bound tree", fitted.key, bound.digest)
    tree = kept_tree(store, key, len(fitted.vectors))
    if tree is None:
        parts = None if fitted.never_joined is None else fitted.never_joined.parts
        tree = run(_link, fitted.vectors, recipe, bound, parts, store, key, progress=progress)
    return replace(fitted, tree=tree, key=key, given=fitted.opening, bindings=bound.bindings)


def _link(
    vectors: np.ndarray,
    recipe: Recipe,
    bound: Bound,
    parts: np.ndarray | None,
    store: Store,
    key: str,
    progress: Progress,
) -> Tree:
    say(progress, f"clustering {len(vectors):,} photos with corrections ('{recipe.clusterer}')")
    clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    tree = fit_in_memory(clusterer, vectors, progress, Neighbours(vectors, store), bound.together, bound.apart, parts)
    keep_tree(store, key, tree)
    return tree
