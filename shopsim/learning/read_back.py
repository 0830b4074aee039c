"""What is known of a learning that is over, read from files that someone may have edited."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, Any

import numpy as np
from msgspec import Meta

from shopsim.base.disk.records import Number, Whole, record
from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed
from shopsim.catalog.catalog import Catalog
from shopsim.features.networks.trained import read_card
from shopsim.learning.network.passes import PassScore

_FROM_ONE = Meta(min_length=1)
_Label = Annotated[int, Meta(ge=0, le=10**7 - 1)]


@dataclass(frozen=True)
class KeptSide:
    """The held-out photos grouped before or after learning, as `Side`. low, high: 95 % of ari, None if not known."""

    ari: Number
    recall_at_1: Number
    labels_pred: Annotated[tuple[_Label, ...], _FROM_ONE]
    low: Number | None = None
    high: Number | None = None


@dataclass(frozen=True)
class HeldOut:
    """What learning brought on models that had no part in it; image_ids: of their n photos.

    Raises ShopsimError if a side has another number of photos.
    """

    before: KeptSide
    after: KeptSide
    baseline_ari: Number
    n_models: Whole
    image_ids: Annotated[tuple[str, ...], _FROM_ONE]

    def __post_init__(self) -> None:
        object.__setattr__(self, "image_ids", tuple(map(composed, self.image_ids)))
        for name, side in (("before", self.before), ("after", self.after)):
            if len(side.labels_pred) != len(self.image_ids):
                raise ShopsimError(
                    f"'held_out.{name}.labels_pred' is a list of {len(side.labels_pred)}; it must have one group for "
                    f"each of {len(self.image_ids)} photos."
                )

    def rows_in(self, catalog: Catalog, learnt: frozenset[str]) -> np.ndarray | None:
        """(n,) numbers of these photos in a catalogue; None for another catalogue, or one that has changed since.

        learnt: the models that were learnt from; no photo here may show one of them.
        """
        place = {image.image_id: row for row, image in enumerate(catalog.images) if image.model is not None}
        rows = [place.get(image_id, -1) for image_id in self.image_ids]
        if -1 in rows:
            return None
        models = {catalog.images[row].model for row in rows}
        return np.array(rows) if len(models) == self.n_models and not models & learnt else None


@dataclass(frozen=True)
class Kept:
    """A kept network and what its card says.

    passes: of training. models: it was learnt from these. settings: name of the tuned settings that group by it;
    depth: how much of it was trained; architecture: one of ARCHITECTURES; all three '' if not known. held_out: None if
    no models were held out.
    """

    name: str
    told: str
    catalog: str
    parent: str
    made: str
    n_images: Whole
    n_models: Whole
    passes: Whole
    curve: tuple[PassScore, ...]
    models: Annotated[frozenset[str], _FROM_ONE]
    settings: str = ""
    depth: str = ""
    architecture: str = ""
    held_out: HeldOut | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "models", frozenset(map(composed, self.models)))


def kept_network(name: str) -> Kept:
    """The network of that name. Raises ShopsimError if there is none, or its card is damaged."""
    card = read_card(name)
    try:
        return record({**card, "name": name, "held_out": _without_nan(card.get("held_out"))}, Kept)
    except ShopsimError as error:
        raise ShopsimError(f"The card of the network '{name}' is damaged: {error}") from None


def held_out_of(values: Any) -> HeldOut | None:
    """The comparison on held-out models, None where there is none. Raises ShopsimError if it is damaged."""
    return None if values is None else record(_without_nan(values), HeldOut, "held_out")


def pass_scores(values: Any) -> tuple[PassScore, ...]:
    """The learning curve from one object per pass. Raises ShopsimError if it is none."""
    return record(values, tuple[PassScore, ...], "curve")


def _without_nan(values: Any, levels: int = 2) -> Any:
    """Null in the place of NaN, which is written for the interval of very few models."""
    if levels and isinstance(values, dict):
        return {name: _without_nan(value, levels - 1) for name, value in values.items()}
    return None if not levels and values != values else values
