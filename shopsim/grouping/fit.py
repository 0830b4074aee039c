"""Leads from a catalogue to a tree that can be cut, and keeps the result of every costly step in the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.base.work.lanes import NETWORK, NUMBERS, Run, here
from shopsim.base.work.progress import Progress, say, silent
from shopsim.catalog.catalog import Catalog
from shopsim.clusterers import Tree, clusterers
from shopsim.clusterers.kept_neighbours import Neighbours
from shopsim.clusterers.memory import fit_in_memory
from shopsim.features.calibrated import ready_for
from shopsim.features.extract import Features, Filled, fill_rows, own_features, until_stored
from shopsim.features.extractors.kept import kept_extractor
from shopsim.features.feature_keys import identity_of, key_if_known
from shopsim.features.feature_keys import key_of as features_key
from shopsim.features.networks.wanted import is_network
from shopsim.features.row_store import RowStore
from shopsim.grouping.added import Added
from shopsim.grouping.engine import HERE, Engine
from shopsim.grouping.grouping import Fitted
from shopsim.grouping.kept_trees import keep_tree, kept_tree
from shopsim.grouping.placing import Part, parts_of, place, stored
from shopsim.grouping.recipe import Recipe

# The extractor's name where a catalogue brings its own vectors.
OWN_VECTORS = "own_vectors"


def features_of(
    catalog: Catalog,
    extractor: str,
    settings: Mapping[str, Value],
    cache: Path,
    progress: Progress = silent,
    run: Run = here,
    engine: Engine = HERE,
) -> Features:
    """Returns the features of a catalogue by the extractor's name; `own_vectors` reads the vectors it came with.

    run: carries out the extraction; engine: computes the rows for it. Raises ShopsimError as `extract_features` does.
    """
    if extractor == OWN_VECTORS:
        return own_features(catalog)

    def fill() -> Filled:
        key, n_features, reasons = run(
            _extract, catalog, extractor, dict(settings), cache, engine, lane=_lane(extractor), progress=progress
        )
        return RowStore(cache, key, n_features), key, reasons

    return until_stored(catalog, fill)


def key_of(extractor: str, settings: Mapping[str, Value], progress: Progress = silent, run: Run = here) -> str:
    """Returns the key of an extractor other than `own_vectors`, for `same_extractor`. Raises ShopsimError.

    No network is loaded for it.
    """
    return run(_key, extractor, dict(settings), lane=_lane(extractor), progress=progress)


def n_missing(catalog: Catalog, extractor: str, settings: Mapping[str, Value], cache: Path) -> int:
    """Returns how many different photos have no features in the cache yet; a network is not run for it.

    extractor: not `own_vectors`. Raises ShopsimError if the extractor cannot start.
    """
    built = kept_extractor(extractor, settings)
    digests = list({image.digest for image in catalog.images})
    key = key_if_known(built)
    # A network that was never converted has no features yet; those of int8 are only known after its calibration.
    return len(digests) - (0 if key is None else int(RowStore(cache, key, built.n_features).holds(digests).sum()))


def _key(name: str, settings: Mapping[str, Value], progress: Progress) -> str:
    return identity_of(kept_extractor(name, settings))


def _lane(extractor: str) -> str:
    return NETWORK if is_network(extractor) else NUMBERS


def _extract(
    catalog: Catalog, name: str, settings: Mapping[str, Value], cache: Path, engine: Engine, progress: Progress
) -> tuple[str, int, dict[str, str]]:
    """Fills the store and returns the extractor's key, the length of a row, and why some photos have no row."""
    extractor = ready_for(catalog, kept_extractor(name, settings), progress)
    key = features_key(extractor)
    rows = RowStore(cache, key, extractor.n_features)
    return key, extractor.n_features, fill_rows(catalog, extractor, rows, progress, engine.batches(name, settings))


def fit(
    catalog: Catalog,
    features: Features,
    recipe: Recipe,
    store: Store,
    progress: Progress = silent,
    run: Run = here,
    added: Added | None = None,
    engine: Engine = HERE,
) -> Fitted:
    """Fits space and tree to the photos of the catalogue that have features; keeps merge trees in the store.

    run: carries out what is not in the store yet. added: a second extractor; the space is fitted to its rows by
    itself, and the similarity of two photos is the mean of both extractors' similarities by share.
    engine: searches nearest photos for trees that are made from them.
    Raises ShopsimError for fewer than 2 photos, or if the tree would not fit in memory.
    """
    catalog, kept, photos = with_features(catalog, features)
    added = None if added is None else added.of(kept.image_ids)
    parts = parts_of(kept, added, recipe, photos)
    more = [] if added is None else [added.share, parts[-1].key]
    key = digest_of(kept.key, photos, recipe.digest, *more)
    at_hand = _stored(parts, store, key)
    if at_hand is None:
        at_hand = run(_place_and_link, parts, recipe, store, key, engine, progress=progress)
    vectors, note, tree = at_hand
    return Fitted(catalog, kept, vectors, tree, note, key, recipe.is_default, added=added)


def with_features(catalog: Catalog, features: Features) -> tuple[Catalog, Features, str]:
    """Returns the photos that have features, their features in the same order, and a digest of these photos.

    Raises ShopsimError for fewer than 2 photos.
    """
    kept = features.of(catalog.image_ids)
    catalog = catalog.subset(kept.image_ids)
    if len(catalog.images) < 2:
        count = f"{len(catalog.images)} photo" + ("s" if len(catalog.images) != 1 else "")
        first = next((f" ('{problem.name}': {problem.reason})" for problem in features.problems), "")
        raise ShopsimError(f"'{catalog.name}' has {count} that can be grouped{first}; grouping needs at least 2.")
    # Not the catalogue's digest: labels and names have no part in the tree.
    return catalog, kept, digest_of(*(f"{image.image_id}|{image.digest}" for image in catalog.images))


_Linked = tuple[np.ndarray, str, Tree]


def _stored(parts: Sequence[Part], store: Store, key: str) -> _Linked | None:
    """Returns vectors, the note of the space and the tree from the store, or None if one of them is missing."""
    placed = stored(parts, store)
    tree = kept_tree(store, key, len(parts[0].features.image_ids))
    return None if placed is None or tree is None else (*placed, tree)


def _place_and_link(
    parts: Sequence[Part], recipe: Recipe, store: Store, key: str, engine: Engine, progress: Progress
) -> _Linked:
    """Returns the same as `_stored`; computes and keeps what is missing, which may take long."""
    placed = place(parts, recipe, store, progress)
    n_images = len(placed[0])
    tree = kept_tree(store, key, n_images)
    if tree is None:
        say(progress, f"clustering {n_images:,} photos ('{recipe.clusterer}')")
        clusterer = clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
        tree = fit_in_memory(clusterer, placed[0], progress, Neighbours(placed[0], store, engine.nearest))
        keep_tree(store, key, tree)
    return (*placed, tree)
