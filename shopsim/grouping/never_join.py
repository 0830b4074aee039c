"""The rule that photos which differ in a column never join, and how many joins it stopped."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from shopsim.base.disk.store import Store, array_digest, digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED, both_labels, by_first_appearance
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.attributes import NO_VALUE, Attribute
from shopsim.catalog.catalog import Catalog
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.memory import fit_in_memory
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.kept_trees import keep_tree, kept_tree
from shopsim.grouping.never_joined import NeverJoined
from shopsim.grouping.recipe import Recipe
from shopsim.scoring.confusion import contingency
from shopsim.scoring.evaluation import pairs_within


@dataclass(frozen=True)
class Stopped:
    """What the rule changed, counted against the cut of the tree without the rule at the same value.

    n_groups: groups of that cut whose photos differ in the column, so that the rule parted them. n_pairs: pairs of
    photos that are together in that cut and differ in the column. n_pairs_of_one_model: how many of these pairs show
    one model, so that the rule was wrong about them; None without true models.
    n_values: distinct values in the column. n_without_value: photos without one, which join each other only.
    """

    n_groups: int
    n_pairs: int
    n_pairs_of_one_model: int | None
    n_values: int
    n_without_value: int


def column_of(catalog: Catalog, name: str) -> Attribute:
    """Returns a column of the catalogue. Raises ShopsimError if it has none of this name."""
    if name not in catalog.columns:
        known = ", ".join(catalog.columns) or "none"
        raise ShopsimError(f"'{catalog.name}' has no column '{name}'. Known: {known}.")
    return catalog.columns[name]


def fit_never_joined(
    fitted: Fitted, recipe: Recipe, name: str, store: Store, progress: Progress = silent, run: Run = here
) -> Fitted:
    """Returns the same photos and vectors with a tree in which photos that differ in a column never join.

    recipe: the one that `fitted` was fitted by. Photos without a value count as equal in the column, and as different
    from all others. run: carries out what is not in the store yet.
    Raises ShopsimError if there is no such column, if the clusterer cannot keep photos apart, or if the tree would not
    fit in memory.
    """
    check_takes_bindings(recipe.clusterer)
    parts = by_first_appearance(column_of(fitted.catalog, name).parts())
    key = digest_of("never join", fitted.key, array_digest(parts))
    tree = kept_tree(store, key, len(fitted.vectors))
    if tree is None:
        tree = run(_link, fitted.vectors, recipe, parts, store, key, progress=progress)
    return replace(fitted, tree=tree, key=key, never_joined=NeverJoined(name, parts, fitted))


def _link(vectors: np.ndarray, recipe: Recipe, parts: np.ndarray, store: Store, key: str, progress: Progress) -> Tree:
    say(progress, f"clustering {len(vectors):,} photos in parts ('{recipe.clusterer}')")
    clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    tree = fit_in_memory(clusterer, vectors, progress, Neighbours(vectors, store), parts=parts)
    keep_tree(store, key, tree)
    return tree


def stopped_joins(grouping: Grouping, progress: Progress = silent, run: Run = here) -> Stopped | None:
    """Returns what the rule changed in these groups; None where there is no rule.

    Corrections have no part in it: without them the same cut is counted. run: carries out the cut without the rule.
    """
    rule = grouping.fitted.never_joined
    if rule is None:
        return None
    free = rule.free.group(grouping.value, grouping.tuned_on, grouping.strict, progress, run)
    column, catalog = rule.free.catalog.columns[rule.column], rule.free.catalog
    table = contingency(rule.parts, free.labels_pred)
    n_without = int((column.codes == NO_VALUE).sum())
    n_parted = int((np.diff(table.tocsc().indptr) > 1).sum())
    right = None if catalog.labels_true is None else _pairs_apart(rule.parts, free.labels_pred, catalog.labels_true)
    return Stopped(n_parted, _pairs_apart(rule.parts, free.labels_pred), right, len(column.values), n_without)


def _pairs_apart(parts: np.ndarray, labels_pred: np.ndarray, labels_true: np.ndarray | None = None) -> int:
    """Counts the pairs of one group, and of one model if models are given, that are in different parts."""
    if labels_true is not None:
        known = labels_true != UNLABELLED
        parts, labels_pred, labels_true = parts[known], labels_pred[known], labels_true[known]
        labels_pred = both_labels(labels_pred, labels_true)
    table = contingency(parts, labels_pred)
    return pairs_within(table.sum(axis=0)) - pairs_within(table.data)
