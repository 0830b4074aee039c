"""What is told of a learning that is over, read from files that someone may have edited."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shopsim.base.disk.checked_json import entries, number, number_or_none, plain_object, text, whole_number
from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed
from shopsim.catalog.catalog import Catalog
from shopsim.features.networks.trained import read_card
from shopsim.learning.network.passes import PassScore

_LARGEST_LABEL = 10**7


@dataclass(frozen=True, eq=False)
class KeptSide:
    """The held-out photos grouped before or after learning, as `Side`. low, high: 95 % of ari, None if not known."""

    ari: float
    low: float | None
    high: float | None
    recall_at_1: float
    labels_pred: np.ndarray


@dataclass(frozen=True, eq=False)
class HeldOut:
    """What learning brought on models that had no part in it; image_ids: (n,) of their photos."""

    before: KeptSide
    after: KeptSide
    baseline_ari: float
    n_models: int
    image_ids: tuple[str, ...]

    def rows_in(self, catalog: Catalog, learnt: frozenset[str]) -> np.ndarray | None:
        """(n,) numbers of these photos in a catalogue; None where it is not the one, or no longer as it was.

        learnt: the models that were learnt from, of which none of these photos may be.
        """
        place = {image.image_id: row for row, image in enumerate(catalog.images) if image.model is not None}
        rows = [place.get(image_id, -1) for image_id in self.image_ids]
        if -1 in rows:
            return None
        models = {catalog.images[row].model for row in rows}
        return np.array(rows) if len(models) == self.n_models and not models & learnt else None


@dataclass(frozen=True, eq=False)
class Kept:
    """A kept network as its card tells of it.

    settings: name of those that group by it, depth: what of it was trained, both '' if not known. passes: of training;
    models: that it was learnt from; held_out: None if none were.
    """

    name: str
    told: str
    catalog: str
    parent: str
    made: str
    settings: str
    depth: str
    n_images: int
    n_models: int
    passes: int
    curve: tuple[PassScore, ...]
    models: frozenset[str]
    held_out: HeldOut | None


def kept_network(name: str) -> Kept:
    """The network of that name. Raises ShopsimError if there is none, or its card is damaged."""
    card = read_card(name)
    try:
        return Kept(
            name,
            *(text(card, field) for field in ("told", "catalog", "parent", "made")),
            *(text(card, field) if field in card else "" for field in ("settings", "depth")),
            *(whole_number(card, field) for field in ("n_images", "n_models", "passes")),
            pass_scores(card.get("curve")),
            frozenset(composed(str(model)) for model in entries(card, "models")),
            held_out_of(card.get("held_out")),
        )
    except ShopsimError as error:
        raise ShopsimError(f"The card of the network '{name}' is damaged: {error}") from None


def held_out_of(values: Any) -> HeldOut | None:
    """The comparison on held-out models, None where there is none. Raises ShopsimError if it is damaged."""
    if values is None:
        return None
    image_ids = tuple(composed(str(image_id)) for image_id in entries(values, "image_ids"))
    before, after = (_side(plain_object(values, name), len(image_ids)) for name in ("before", "after"))
    return HeldOut(before, after, number(values, "baseline_ari"), whole_number(values, "n_models"), image_ids)


def pass_scores(values: Any) -> tuple[PassScore, ...]:
    """The learning curve from one object a pass. Raises ShopsimError if it is none."""
    if not isinstance(values, (list, tuple)):
        raise ShopsimError("The learning curve is no list.")
    return tuple(
        PassScore(number_or_none(score, "loss"), *(number(score, name) for name in ("ari", "recall_at_1", "map_at_r")))
        for score in values
    )


def _side(values: Mapping[str, Any], n_images: int) -> KeptSide:
    labels = entries(values, "labels_pred")
    if len(labels) != n_images or not all(type(label) is int and 0 <= label < _LARGEST_LABEL for label in labels):
        raise ShopsimError(f"'labels_pred' is no list of {n_images} groups.")
    # Of very few models no interval can be told, which is written as NaN.
    told = {name: None if value != value else value for name, value in values.items()}
    interval = (number_or_none(told, name) for name in ("low", "high"))
    return KeptSide(number(values, "ari"), *interval, number(values, "recall_at_1"), np.array(labels))
