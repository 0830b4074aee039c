"""What is told of a learning that is over, read from files that someone may have edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import msgspec
import numpy as np
from msgspec import Meta

from shopsim.base.disk.records import Number, Whole, record
from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed
from shopsim.catalog.catalog import Catalog
from shopsim.features.networks.trained import read_card
from shopsim.learning.network.passes import PassScore

_Label = Annotated[int, Meta(ge=0, le=10**7 - 1)]


class _Pass(msgspec.Struct):
    ari: Number
    recall_at_1: Number
    map_at_r: Number
    loss: Number | None = None


class _Side(msgspec.Struct):
    ari: Number
    recall_at_1: Number
    labels_pred: Annotated[list[_Label], Meta(min_length=1)]
    low: Number | None = None
    high: Number | None = None


class _HeldOut(msgspec.Struct):
    before: dict[str, Any]
    after: dict[str, Any]
    baseline_ari: Number
    n_models: Whole
    image_ids: Annotated[list[str], Meta(min_length=1)]


class _Card(msgspec.Struct):
    told: str
    catalog: str
    parent: str
    made: str
    n_images: Whole
    n_models: Whole
    passes: Whole
    curve: list[_Pass]
    models: Annotated[list[str], Meta(min_length=1)]
    settings: str = ""
    depth: str = ""
    held_out: Any = None


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
    values = read_card(name)
    try:
        card = record(values, _Card)
        others = {
            "curve": tuple(map(_score, card.curve)),
            "models": frozenset(map(composed, card.models)),
            "held_out": held_out_of(card.held_out),
        }
        return Kept(name, **{**msgspec.structs.asdict(card), **others})
    except ShopsimError as error:
        raise ShopsimError(f"The card of the network '{name}' is damaged: {error}") from None


def held_out_of(values: Any) -> HeldOut | None:
    """The comparison on held-out models, None where there is none. Raises ShopsimError if it is damaged."""
    if values is None:
        return None
    read = record(values, _HeldOut, "held_out")
    before, after = (_side(getattr(read, name), len(read.image_ids), name) for name in ("before", "after"))
    return HeldOut(before, after, read.baseline_ari, read.n_models, tuple(map(composed, read.image_ids)))


def pass_scores(values: Any) -> tuple[PassScore, ...]:
    """The learning curve from one object per pass. Raises ShopsimError if it is none."""
    return tuple(map(_score, record(values, list[_Pass], "curve")))


def _score(read: _Pass) -> PassScore:
    return PassScore(read.loss, read.ari, read.recall_at_1, read.map_at_r)


def _side(values: dict[str, Any], n_images: int, name: str) -> KeptSide:
    # Very few models have no interval, which is written as NaN.
    values = {field: None if value != value else value for field, value in values.items()}
    read = record(values, _Side, f"held_out.{name}")
    if len(read.labels_pred) != n_images:
        raise ShopsimError(
            f"'held_out.{name}.labels_pred' is a list of {len(read.labels_pred)}; it must have one group for each of "
            f"{n_images} photos."
        )
    return KeptSide(read.ari, read.low, read.high, read.recall_at_1, np.array(read.labels_pred))
