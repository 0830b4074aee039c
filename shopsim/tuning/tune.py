"""Tunes on one labelled catalogue; the settings are meant for other catalogues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.base.registry import Value
from shopsim.base.work.progress import Progress, silent
from shopsim.catalog.catalog import Catalog
from shopsim.features.extract import Features
from shopsim.features.networks.photos_known import check_unseen
from shopsim.grouping.companions import views_of
from shopsim.scoring.calibration.calibration import Calibration
from shopsim.scoring.calibration.fit import calibrate_across, pairs_in
from shopsim.scoring.folds import MIN_MODELS
from shopsim.spaces import spaces
from shopsim.tuning.apply import known_by
from shopsim.tuning.candidate import Candidate
from shopsim.tuning.candidates import auto_candidates
from shopsim.tuning.search import Search, search
from shopsim.tuning.settings import ExtractorUse, TunedOn, TunedSettings
from shopsim.tuning.tuned_groups import fit_spaces
from shopsim.tuning.validation import Views, with_unnormalised

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
    candidates: Sequence[Candidate] | None = None,
) -> TunedSettings:
    """The best settings that Auto finds on the labelled photos.

    features: of the catalogue's photos; photos without features are left out. added: features of other extractors by
    name, of the same photos in the same order. n_to_group: photos that will be grouped later, half of these if None;
    validation folds are about as large where there are enough models. progress: counts candidates times validation
    folds.
    store: keeps what was tried, so that the same call goes on where it was stopped. candidates: those of
    `auto_candidates` if None.
    Raises ShopsimError without labels, with too few models of two or more photos, or if the features are of a network
    that was trained here on some of the photos.
    """
    catalog = catalog.subset(features.image_ids)
    check_unseen(features.key, [image.digest for image in catalog.images])
    labelled = labelled_rows(catalog)
    labels = catalog.labels_true[labelled]
    given = with_unnormalised(views_of(extractor, features, added), features.raw)
    views = {name: rows[labelled] for name, rows in given.items()}
    # Validation folds have at most half of the photos; the nearer to the real number, the less is to be corrected.
    n_held_out = n_to_group or max(1, len(labels) // 2)
    tried = auto_candidates(list(added), unnormalised=True) if candidates is None else candidates
    found = search(views, labels, n_held_out, tried, seed, seconds, progress, store)
    uses = [ExtractorUse(extractor, dict(extractor_settings), features.key, features.raw.shape[1])]
    uses += [ExtractorUse(name, {}, other.key, other.raw.shape[1]) for name, other in added.items()]
    known = known_by(catalog, features, extractor)
    on = photos_tuned_on(catalog.name, labels, [known[row] for row in labelled])
    calibration = _calibration(views[extractor], labels, n_held_out, seed)
    return settings_of(found, uses, on, views, labels, calibration)


def photos_tuned_on(name: str, labels_true: np.ndarray, known_by: Sequence[str]) -> TunedOn:
    """The record of the (n,) photos that were tuned on. known_by: the digest of each photo."""
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
    """The search's result as settings.

    views: of the tuning models' photos, on which the final spaces are fitted; labels_true: (n,) integers.
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


def labelled_rows(catalog: Catalog, what: str = "tuning") -> np.ndarray:
    """Rows of the labelled photos. Raises ShopsimError if there are too few models; what: the work that needs them."""
    if not catalog.images:
        raise ShopsimError(f"'{catalog.name}' has no photo that features could be extracted from; {what} needs some.")
    if catalog.labels_true is None:
        raise ShopsimError(f"'{catalog.name}' has no true labels; {what} needs the true model of each photo.")
    labelled = np.flatnonzero(catalog.labels_true != UNLABELLED)
    n_telling = int((np.unique(catalog.labels_true[labelled], return_counts=True)[1] > 1).sum())
    if n_telling < 2 * MIN_MODELS:
        raise ShopsimError(
            f"'{catalog.name}' has {n_telling} model{'' if n_telling == 1 else 's'} with two or more photos; {what} "
            f"needs {2 * MIN_MODELS}, {MIN_MODELS} to fit on and {MIN_MODELS} to judge by."
        )
    return labelled


def _told(found: Search) -> tuple[dict[str, object], ...]:
    return tuple(
        {
            "what": trial.candidate.describe(found.main),
            "score": trial.score,
            "threshold": trial.threshold,
            # A clustering that is cut at one value has neither.
            "size_power": getattr(trial.rule, "size_power", None),
            "prior_weight": getattr(trial.rule, "prior_weight", None),
            "seconds": round(trial.seconds, 3),
        }
        for trial in found.trials
    ) + tuple({"what": candidate.describe(found.main), "score": None} for candidate in found.untried)


def _calibration(vectors: np.ndarray, labels: np.ndarray, n_held_out: int, seed: int) -> Calibration | None:
    """The calibration of pairs in the main extractor's half-whitened space, with which a page opens."""
    try:
        return calibrate_across(vectors, labels, n_held_out, pairs_in(spaces.create("whitened")), seed)
    except ShopsimError:
        return None
