"""The folds of the held-out protocol: the catalogue's own split, or folds of models."""

from __future__ import annotations

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED
from shopsim.catalog.catalog import Catalog
from shopsim.scoring.folds import Fold, model_folds, split_fold

OWN_SPLIT = "the catalogue's own split: tuned on its train part, scored on its test part"


def folds_of(catalog: Catalog, n_folds: int = 5, seed: int = 0) -> tuple[list[Fold], str]:
    """The folds, and how they were made, in one clause.

    Raises ShopsimError without photos or labels, or with too few models to hold some out.
    """
    if not catalog.images:
        raise ShopsimError(
            f"'{catalog.name}' has no photo that features could be extracted from; nothing can be scored."
        )
    if catalog.labels_true is None:
        raise ShopsimError(
            f"'{catalog.name}' has no true labels; scoring on models that nothing was tuned on needs the true model "
            "of each photo."
        )
    own, why_not = split_fold(catalog.labels_true, [image.split for image in catalog.images])
    if own is not None:
        n_out = int((catalog.labels_true != UNLABELLED).sum()) - len(own.tuning) - len(own.held_out)
        return [own], OWN_SPLIT + (f"; {n_out:,} labelled photos stand in neither and take no part" if n_out else "")
    try:
        folds = model_folds(catalog.labels_true, n_folds, seed)
    except ShopsimError as error:
        raise ShopsimError(f"'{catalog.name}' cannot be held out: {error}") from None
    note = f"; the catalogue's own split is not used: {why_not}" if why_not else ""
    return folds, f"{len(folds)} folds of models{note}"
