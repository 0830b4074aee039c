"""Finds photos by what a person types: a model, a group or a part of a file name."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

import numpy as np

from shopsim.catalog.catalog import Catalog

_GROUP = re.compile(r"(?:group|#)\s*(\d{1,9})")
_NUMBER = re.compile(r"\d{1,9}")


@dataclass(frozen=True, eq=False)
class Found:
    """What a search found. rows: (n,) bool; what: a phrase that says how the text was read."""

    rows: np.ndarray
    what: str


def find_photos(catalog: Catalog, labels_pred: np.ndarray, text: str) -> Found:
    """Finds the photos that a text names; upper and lower case count as equal, and so do Unicode spellings.

    `group 12` or `#12` is a group; a model's whole id or name is that model; another plain number is a group if
    there is one; anything else is a part of model ids, model names and image_ids.
    """
    wanted = _plain(text)
    numbered = _GROUP.fullmatch(wanted)
    if numbered:
        return _group(labels_pred, int(numbered[1]))
    names = {model: (_plain(model), _plain(catalog.model_name(model))) for model in catalog.models}
    models = [model for model in catalog.models if wanted in names[model]]
    if models:
        return Found(_of_models(catalog, set(models)), f"of model {catalog.model_name(models[0])}")
    if _NUMBER.fullmatch(wanted) and str(int(wanted)) == wanted and int(wanted) <= labels_pred.max(initial=-1):
        return _group(labels_pred, int(wanted))
    named = {model for model in catalog.models if any(wanted in name for name in names[model])}
    rows = np.array([wanted in _plain(image_id) for image_id in catalog.image_ids], dtype=bool)
    return Found(rows | _of_models(catalog, named), f"with “{text.strip()}” in the model or file name")


def _plain(text: str) -> str:
    """Returns the text in one spelling: without case, and composed, since macOS spells Korean names in parts."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def _group(labels_pred: np.ndarray, group: int) -> Found:
    return Found(labels_pred == group, f"in group {group}")


def _of_models(catalog: Catalog, models: set[str]) -> np.ndarray:
    return np.array([image.model in models for image in catalog.images], dtype=bool)
