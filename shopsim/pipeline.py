"""The line from a catalogue to a tree that can be cut, with every costly step kept in the store."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np

from shopsim import ShopsimError
from shopsim.catalog import Catalog
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.merge_tree import MergeTree
from shopsim.extractors import extractors
from shopsim.features import Features, extract_features, own_features
from shopsim.fitted import Fitted
from shopsim.memory import fit_in_memory
from shopsim.progress import Progress, silent
from shopsim.recipe import Recipe
from shopsim.registry import Value
from shopsim.spaces import spaces
from shopsim.store import Store, digest_of

# The extractor's name where a catalogue brings its own vectors.
OWN_VECTORS = "own_vectors"


def features_of(
    catalog: Catalog,
    extractor: str,
    settings: Mapping[str, Value],
    cache: Path,
    progress: Progress = silent,
) -> Features:
    """The features of a catalogue by the extractor's name; `own_vectors` reads those it brought along."""
    if extractor == OWN_VECTORS:
        return own_features(catalog)
    return extract_features(catalog, extractors.create(extractor, **settings), cache, progress)


def fit(catalog: Catalog, features: Features, recipe: Recipe, store: Store) -> Fitted:
    """Space and tree of the photos of the catalogue that have features; merge trees are kept in the store.

    Raises ShopsimError for fewer than 2 photos, or if the tree would not fit in memory.
    """
    kept = features.of(catalog.image_ids)
    catalog = catalog.subset(kept.image_ids)
    if len(catalog.images) < 2:
        count = f"{len(catalog.images)} photo" + ("s" if len(catalog.images) != 1 else "")
        first = next((f" ('{problem.name}': {problem.reason})" for problem in features.problems), "")
        raise ShopsimError(f"'{catalog.name}' has {count} that can be grouped{first}; grouping needs at least 2.")
    # Not the catalogue's digest: labels and names have no part in the tree.
    photos = digest_of(*(f"{image.image_id}|{image.digest}" for image in catalog.images))
    key = digest_of(kept.key, photos, recipe.digest)
    vectors, note = _in_space(kept, recipe, store, digest_of(kept.key, photos, recipe.space_digest))
    return Fitted(catalog, kept, vectors, _tree(vectors, recipe, store, key), note, key, recipe.is_default)


def _in_space(features: Features, recipe: Recipe, store: Store, key: str) -> tuple[np.ndarray, str]:
    """The vectors in their space and what was done; kept, since fitting loads a library that takes a second."""
    vectors, note = store.load("vectors", key), store.load("vectors", f"{key}-note")
    if vectors is None or note is None or not _are_sound(vectors, note, len(features.image_ids)):
        space = spaces.create(recipe.space, **recipe.space_settings).fit(features.vectors)
        vectors, note = space.transform(features.vectors), np.array([space.note])
        store.save("vectors", key, vectors)
        store.save("vectors", f"{key}-note", note)
    return vectors, str(note[0])


def _are_sound(vectors: np.ndarray, note: np.ndarray, n_images: int) -> bool:
    """Whether stored arrays are what `_in_space` stores."""
    if vectors.ndim != 2 or len(vectors) != n_images or vectors.dtype != np.float32 or not np.isfinite(vectors).all():
        return False
    return note.shape == (1,) and note.dtype.kind == "U"


def _tree(vectors: np.ndarray, recipe: Recipe, store: Store, key: str) -> Tree:
    linkage = store.load("trees", key)
    if linkage is not None:
        try:
            return MergeTree(linkage, len(vectors))
        except ValueError:
            pass  # An entry that is no tree of these photos is a miss and is written again.
    clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    tree = fit_in_memory(clusterer, vectors)
    # One with a control of its own could not be told from a plain one when it is loaded.
    if type(tree) is MergeTree:
        store.save("trees", key, tree.linkage)
    return tree
