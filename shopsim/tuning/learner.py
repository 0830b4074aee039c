"""The interface of all ways of training: it gives views of photos, and views to judge the training by."""

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
    """The result of training on some photos of a catalogue.

    validation: folds with views; each fold's views come from a training without the models that the fold holds out. Its
    photo numbers count among the photos that were trained on. views: gives the views of any photos of the catalogue, by
    number, from the training on all these photos.
    candidates: for Auto, on these views. told: one sentence for people. card: further facts as plain values.
    """

    validation: Validation
    views: Callable[[np.ndarray], Views]
    candidates: list[Candidate]
    told: str
    card: dict[str, Any]


class Learner(Protocol):
    """Trains on the photos of one catalogue whose models it is given, and on no others."""

    def learn(
        self, photos: np.ndarray, labels_true: np.ndarray, n_held_out: int, seed: int, progress: Progress
    ) -> Learnt:
        """Trains on (m,) photos, given by number, and their (m,) models. n_held_out: photos to be grouped later.

        Raises ShopsimError if training on these photos is not possible.
        """
        ...
