"""What every way of learning gives: views of photos by what was learnt, and views to judge it by."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from shopsim.base.work.progress import Progress
from shopsim.tuning.candidates import Candidate
from shopsim.tuning.validation import Validation, Views


@dataclass(frozen=True, eq=False)
class Learnt:
    """Learnt from some photos of a catalogue.

    validation: each fold with views by what was learnt without the models it holds out; numbers among the photos
    learnt from. views: of any photos of the catalogue, by number, by what was learnt from all of these.
    candidates: for Auto, of these views. told: one sentence. card: plain values for whoever wants to know more.
    """

    validation: Validation
    views: Callable[[np.ndarray], Views]
    candidates: list[Candidate]
    told: str
    card: dict[str, Any]


class Learner(Protocol):
    """Learns from the photos of one catalogue whose models it is given, and from no others."""

    def learn(
        self, photos: np.ndarray, labels_true: np.ndarray, n_held_out: int, seed: int, progress: Progress
    ) -> Learnt:
        """From (m,) numbers of photos and their (m,) models. n_held_out: photos to be grouped later.

        Raises ShopsimError if they cannot be learnt from.
        """
        ...
