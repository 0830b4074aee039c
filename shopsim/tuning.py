"""Tunes on one labelled catalogue and groups another one as tuned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from shopsim import ShopsimError
from shopsim.auto import Search, search
from shopsim.auto_candidates import auto_candidates
from shopsim.calibration import Calibration
from shopsim.calibration_fit import calibrate_across, pairs_in
from shopsim.catalog import Catalog
from shopsim.companions import companion_features, views_of
from shopsim.consensus import AgreementTree
from shopsim.features import Features
from shopsim.folds import MIN_MODELS
from shopsim.labels import UNLABELLED
from shopsim.pipeline import OWN_VECTORS, TUNED_HERE, Fitted, features_of
from shopsim.progress import Progress, silent
from shopsim.registry import Value
from shopsim.spaces import spaces
from shopsim.store import Store, digest_of
from shopsim.tuned_groups import consensus, consensus_for_size, fit_spaces, rows_in_space, that_fit
from shopsim.tuned_settings import ExtractorUse, TunedOn, TunedSettings
from shopsim.validation_rows import Views

BUDGET_S = 600.0


def tune(
    catalog: Catalog,
    features: Features,
    extractor: str,
    extractor_settings: Mapping[str, Value],
    added: Mapping[str, Features],
    n_to_group: int | None = None,
    seconds: float | None = BUDGET_S,
    seed: int = 0,
    progress: Progress = silent,
    store: Store | None = None,
) -> TunedSettings:
    """The best that Auto finds on the labelled photos.

    features: of the catalogue's photos, those without features left out; added: of other extractors by name, of the
    same photos in the same order. n_to_group: photos that will be grouped later, half of these if None: validation
    folds are about as large where there are enough models. progress: counts candidates times validation folds.
    store: where what was tried is kept, so that the same call goes on where it was stopped.
    Raises ShopsimError without labels, or with too few models of two or more photos.
    """
    catalog = catalog.subset(features.image_ids)
    labelled = labelled_rows(catalog)
    labels = catalog.labels_true[labelled]
    views = {name: rows[labelled] for name, rows in views_of(extractor, features, added).items()}
    # Half: as near as can be validated to a catalogue of the same size, so that least is left to correct.
    n_held_out = n_to_group or max(1, len(labels) // 2)
    found = search(views, labels, n_held_out, auto_candidates(list(added)), seed, seconds, progress, store)
    uses = [ExtractorUse(extractor, dict(extractor_settings), features.key, features.raw.shape[1])]
    uses += [ExtractorUse(name, {}, other.key, other.raw.shape[1]) for name, other in added.items()]
    known = known_by(catalog, features, extractor)
    on = photos_tuned_on(catalog.name, labels, [known[row] for row in labelled])
    calibration = _calibration(views[extractor], labels, n_held_out, seed)
    return settings_of(found, uses, on, views, labels, calibration)


def photos_tuned_on(name: str, labels_true: np.ndarray, known_by: Sequence[str]) -> TunedOn:
    """What is told of the (n,) photos that were tuned on. known_by: the digest of each."""
    digests = sorted({known[:16] for known in known_by})
    return TunedOn(name, len(labels_true), len(np.unique(labels_true)), tuple(digests))


def settings_of(
    found: Search,
    uses: Sequence[ExtractorUse],
    on: TunedOn,
    views: Views,
    labels_true: np.ndarray,
    calibration: Calibration | None,
) -> TunedSettings:
    """What Auto found as settings.

    views: of the tuning models' photos, on which the spaces are fitted for good; labels_true: (n,) integers.
    """
    return TunedSettings(
        tuple(uses),
        on,
        found.members,
        found.prior,
        found.n_validation,
        found.sentence,
        {"validation": found.trials[0].score},
        _told(found),
        fit_spaces(found.members, views, labels_true),
        calibration,
    )


def features_as_tuned(
    catalog: Catalog, settings: TunedSettings, cache: Path, progress: Progress = silent
) -> tuple[Features, dict[str, Features]]:
    """Features of a catalogue by the extractors of the settings: the main one's, and those added, by name.

    Raises ShopsimError if an extractor gives other numbers here than it did when tuned.
    """
    main, *others = settings.extractors
    features = features_of(catalog, main.name, main.settings, cache, progress)
    if main.name != OWN_VECTORS:
        _check_key(main, features.key)
    names, settings_of_others = tuple(use.name for use in others), {use.name: use.settings for use in others}
    added = companion_features(catalog, features, cache, names, progress, settings_of_others) if names else {}
    for use in others:
        _check_key(use, added[use.name].key)
    return features, added


def group_as_tuned(
    catalog: Catalog,
    features: Features,
    added: Mapping[str, Features],
    settings: TunedSettings,
    store: Store,
    progress: Progress = silent,
    photos_per_model: float | None = None,
) -> Fitted:
    """The photos of a catalogue, ready to be cut where the tuned groupings agree; the tree is kept in the store.

    features, added: as `features_as_tuned` gives them. progress: counts the groupings. photos_per_model: where these
    models are known to have about so many, another number than those tuned on, spaces and weights are as tuned and
    the cuts follow from that number. Groupings that would not fit in memory are left out, which the note tells.
    Raises ShopsimError for fewer than 2 photos, for vectors of another length, or if no tree would fit in memory.
    """
    kept = features.of(catalog.image_ids)
    catalog = catalog.subset(kept.image_ids)
    if len(catalog.images) < 2:
        count = f"{len(catalog.images)} photo" + ("s" if len(catalog.images) != 1 else "")
        raise ShopsimError(f"'{catalog.name}' has {count} that can be grouped; grouping needs at least 2.")
    views = views_of(settings.main, kept, {name: other.of(kept.image_ids) for name, other in added.items()})
    _check_lengths(settings, views)
    settings, left_out = _that_fits(settings, views, photos_per_model)
    photos = digest_of(*(f"{image.image_id}|{image.digest}" for image in catalog.images))
    keys = (other.key for other in (kept, *added.values()))
    key = digest_of("tuned", settings.digest, *keys, photos, *([photos_per_model] if photos_per_model else []))
    vectors = rows_in_space(settings.members[0].candidate, settings.fitted, views)
    tree = _tree(settings, views, store, key, len(vectors), photos_per_model, progress)
    told_on = _tuned_on(settings, catalog, known_by(catalog, kept, settings.main))
    if photos_per_model:
        told_on += f", for models of {photos_per_model:g} photos"
    note = f"Grouped as {settings.told}: {settings.sentence}{left_out}"
    given = tree.control.default, told_on
    return Fitted(catalog, kept, vectors, tree, note, key, False, given)


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


def _tree(
    settings: TunedSettings,
    views: Mapping[str, np.ndarray],
    store: Store,
    key: str,
    n: int,
    photos_per_model: float | None,
    progress: Progress,
) -> AgreementTree:
    linkage = store.load("trees", key)
    if linkage is not None:
        try:
            return AgreementTree(linkage, n)
        except ValueError:
            pass  # An entry that is no tree of these photos is a miss and is written again.
    members, fitted = settings.members, settings.fitted
    if photos_per_model:
        tree = consensus_for_size(members, fitted, views, photos_per_model, progress)
    else:
        tree = consensus(members, fitted, views, settings.prior, settings.n_validation, progress)
    store.save("trees", key, tree.linkage)
    return tree


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


def labelled_rows(catalog: Catalog) -> np.ndarray:
    """Rows of the labelled photos. Raises ShopsimError if there are too few models to tune on."""
    if not catalog.images:
        raise ShopsimError(
            f"'{catalog.name}' has no photo that features could be extracted from; nothing can be tuned."
        )
    if catalog.labels_true is None:
        raise ShopsimError(f"'{catalog.name}' has no true labels; tuning needs the true model of each photo.")
    labelled = np.flatnonzero(catalog.labels_true != UNLABELLED)
    n_telling = int((np.unique(catalog.labels_true[labelled], return_counts=True)[1] > 1).sum())
    if n_telling < 2 * MIN_MODELS:
        raise ShopsimError(
            f"'{catalog.name}' has {n_telling} models with two or more photos; tuning needs {2 * MIN_MODELS}, "
            f"{MIN_MODELS} to fit on and {MIN_MODELS} to judge by."
        )
    return labelled


def _check_key(use: ExtractorUse, key: str) -> None:
    if use.key != key:
        raise ShopsimError(
            f"'{use.name}' gives other numbers here than where it was tuned (its weights, or the program's version, "
            "differ); tune again."
        )


def _told(found: Search) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "what": trial.candidate.describe(found.main),
            "score": trial.score,
            "threshold": trial.threshold,
            # What is cut at one value has neither.
            "size_power": getattr(trial.rule, "size_power", None),
            "prior_weight": getattr(trial.rule, "prior_weight", None),
            "seconds": round(trial.seconds, 3),
        }
        for trial in found.trials
    ) + tuple({"what": candidate.describe(found.main), "score": None} for candidate in found.untried)


def _calibration(vectors: np.ndarray, labels: np.ndarray, n_held_out: int, seed: int) -> Calibration | None:
    """Of pairs in the half-whitened space of the main extractor, the one a page opens with."""
    try:
        return calibrate_across(vectors, labels, n_held_out, pairs_in(spaces.create("whitened")), seed)
    except ShopsimError:
        return None
