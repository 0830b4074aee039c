"""Groups the photos of a catalogue as tuned settings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopsim.base.disk.store import Store, digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.lanes import Run, here
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.feature_keys import same_extractor
from shopsim.grouping.added import missing_rows
from shopsim.grouping.companions import companion_features, views_of
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.fit import OWN_VECTORS, features_of, key_of, with_features
from shopsim.grouping.grouping import TUNED_HERE, Fitted
from shopsim.grouping.kept_trees import stored_tree
from shopsim.tuning.consensus import MOST_BY_SQUARE, AgreementTree
from shopsim.tuning.settings import ExtractorUse, TunedSettings
from shopsim.tuning.tuned_groups import consensus, consensus_for_size, rows_in_space, that_fit
from shopsim.tuning.validation import with_unnormalised


def features_as_tuned(
    catalog: Catalog, settings: TunedSettings, cache: Path, progress: Progress = silent, run: Run = here
) -> tuple[Features, dict[str, Features]]:
    """Features of a catalogue by the extractors of the settings: the main one's, and those added, by name.

    run: carries out the extraction.
    Raises ShopsimError if an extractor gives other numbers here than it did when tuned.
    """
    main, *others = settings.extractors
    for use in settings.extractors:
        if use.name != OWN_VECTORS:
            _check_key(use, key_of(use.name, use.settings, progress, run))
    features = features_of(catalog, main.name, main.settings, cache, progress, run)
    names, settings_of_others = tuple(use.name for use in others), {use.name: use.settings for use in others}
    added = {}
    if names:
        added = companion_features(catalog, features, cache, names, progress, settings_of_others, run)
    return features, added


def group_as_tuned(
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    settings: TunedSettings,
    store: Store,
    progress: Progress = silent,
    photos_per_model: float | None = None,
    run: Run = here,
    bound: Bound | None = None,
) -> Fitted:
    """The photos of a catalogue, ready to be cut where the tuned groupings agree; the tree is kept in the store.

    features, added: as `features_as_tuned` gives them. progress: counts the groupings. photos_per_model: where these
    models are known to have about so many, another number than those tuned on, spaces and weights are as tuned and
    the cuts follow from that number. run: carries out what takes long. bound: corrections of exactly these photos that
    the groups respect.
    Groupings that would not fit in memory are left out, which the note tells.
    Raises ShopsimError for fewer than 2 photos, for vectors of another length, or if no tree would fit in memory.
    """
    catalog, kept, photos = with_features(catalog, features)
    added = {name: other.of(kept.image_ids) for name, other in added.items()}
    views = views_of(settings.main, kept, added)
    views = with_unnormalised(views, kept.raw)
    _check_lengths(settings, views)
    settings, left_out = _that_fits(settings, views, photos_per_model)
    keys = (other.key for other in (kept, *added.values()))
    # A photo that an added extractor could not read once may be readable later, and the tree is then another one.
    missing = [(name, gone) for name, other in added.items() if (gone := missing_rows(other))]
    key = digest_of(
        "tuned", settings.digest, *keys, photos, *([photos_per_model] if photos_per_model else []), *missing
    )
    bound = bound or None
    key = key if bound is None else digest_of("bound tree", key, bound.digest)
    vectors, tree = run(_place_and_agree, settings, views, store, key, photos_per_model, bound, progress=progress)
    told_on = _tuned_on(settings, catalog, known_by(catalog, kept, settings.main))
    if photos_per_model:
        told_on += f", for models of {photos_per_model:g} photos"
    note = f"Grouped as {settings.told}: {settings.sentence}{left_out} {tree.way}".rstrip()
    given = tree.control.default, told_on
    bindings = None if bound is None else bound.bindings
    return Fitted(catalog, kept, vectors, tree, note, key, False, given, bindings=bindings)


def _that_fits(
    settings: TunedSettings, views: Mapping[str, np.ndarray], photos_per_model: float | None
) -> tuple[TunedSettings, str]:
    """The settings with the members whose trees fit in memory, and a sentence where some don't."""
    # For models of another size all trees are average linkages.
    members = settings.members if photos_per_model else that_fit(settings.members, views)
    n_left_out = len(settings.members) - len(members)
    if not n_left_out:
        return settings, ""
    told = f" Of its {len(settings.members)} groupings {n_left_out} would not fit in memory here and took no part."
    return replace(settings, members=members), told


def _place_and_agree(
    settings: TunedSettings,
    views: Mapping[str, np.ndarray],
    store: Store,
    key: str,
    photos_per_model: float | None,
    bound: Bound | None,
    progress: Progress,
) -> tuple[np.ndarray, AgreementTree]:
    """(n, d') vectors in the space of the main candidate, and the tree of how far the groupings agree."""
    vectors = rows_in_space(settings.members[0].candidate, settings.fitted, views)
    kept = stored_tree(store, key, len(vectors), AgreementTree)
    way = "" if len(vectors) <= MOST_BY_SQUARE else _stored_way(store, key)
    if kept is not None and way is not None:
        return vectors, replace(kept, way=way)
    members, fitted = settings.members, settings.fitted
    if photos_per_model:
        tree = consensus_for_size(members, fitted, views, photos_per_model, progress, bound)
    else:
        tree = consensus(members, fitted, views, settings.prior, settings.n_validation, progress, bound)
    store.save("trees", key, tree.linkage)
    if tree.way:
        store.save("trees", f"{key}-way", np.array([tree.way]))
    return vectors, tree


def _stored_way(store: Store, key: str) -> str | None:
    way = store.load("trees", f"{key}-way")
    return None if way is None or way.shape != (1,) or way.dtype.kind != "U" else str(way[0])


def known_by(catalog: Catalog, features: Features, extractor: str) -> list[str]:
    """What tells each photo from others; by its vector where the catalogue brought that, since photos may be absent."""
    if extractor == OWN_VECTORS:
        return [digest_of(row.tobytes()) for row in features.raw]
    return [image.digest for image in catalog.images]


def _tuned_on(settings: TunedSettings, catalog: Catalog, known_by: Sequence[str]) -> str:
    """What a score says; photos that were tuned on flatter it, so it counts those among the photos that are scored."""
    scored = [known for known, image in zip(known_by, catalog.images, strict=True) if image.model is not None]
    looked_at = scored or known_by
    n_seen = settings.n_seen(looked_at)
    if not n_seen:
        return settings.told
    return TUNED_HERE if n_seen == len(looked_at) else f"{settings.told}, which has {n_seen:,} of these"


def _check_lengths(settings: TunedSettings, views: Mapping[str, np.ndarray]) -> None:
    for use in settings.extractors:
        length = views[use.name].shape[1]
        if length != use.n_features:
            raise ShopsimError(
                f"These vectors of '{use.name}' have {length:,} numbers; the settings {settings.told} are for vectors "
                f"of another length, {use.n_features:,}."
            )


def _check_key(use: ExtractorUse, key: str) -> None:
    if not same_extractor(use.key, key):
        raise ShopsimError(
            f"'{use.name}' gives other numbers here than where it was tuned (its weights, or the program's version, "
            "differ); tune again."
        )
