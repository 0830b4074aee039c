"""Counts byte-equal photos of one model once, as one ballot, so that copies do not confirm each other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from scipy.sparse import csr_array

from shopsim.base.labels import UNLABELLED


@dataclass(frozen=True, eq=False)
class Ballots:
    """The labelled photos of a catalogue, where byte-equal photos of one model are one ballot.

    of_photo: (n_images,) int64, the ballot of each photo, -1 for a photo without a label.
    first: (b,) int64, the first photo of each ballot. bytes_of: (b,) int64, equal for byte-equal photos of two models.
    model: (b,) int64, the model of each ballot's label. sizes: (n_models,) int64, the number of ballots per model.
    """

    of_photo: np.ndarray
    first: np.ndarray
    bytes_of: np.ndarray
    model: np.ndarray
    sizes: np.ndarray

    def __len__(self) -> int:
        return len(self.first)

    def is_filed(self, rows: np.ndarray, models: np.ndarray) -> np.ndarray:
        """Returns whether the same bytes are labelled with that model: bool, in the shape of both arguments."""
        return np.isin(self.bytes_of[rows] * len(self.sizes) + models, self._filed)

    def others(self, models: np.ndarray) -> np.ndarray:
        """Counts the ballots of models[i] whose bytes differ from those of ballot i: (b,) int64."""
        return self.sizes[models] - self.is_filed(np.arange(len(self)), models)

    @cached_property
    def own_entries(self) -> tuple[np.ndarray, np.ndarray]:
        """Pairs each ballot with each model that its bytes are labelled with, its own included: two (e,) int64."""
        n = len(self)
        photos = csr_array((np.ones(n, np.int64), (self.bytes_of, np.arange(n))))
        ballot, other = (photos.T @ photos).tocoo().coords
        return ballot.astype(np.int64), self.model[other]

    @cached_property
    def twin(self) -> np.ndarray:
        """Another model that the same bytes are labelled with, the lowest one; -1 if there is none: (b,) int64."""
        ballot, model = self.own_entries
        another = model != self.model[ballot]
        twin = np.full(len(self), len(self.sizes))
        np.minimum.at(twin, ballot[another], model[another])
        return np.where(twin < len(self.sizes), twin, -1)

    @cached_property
    def _filed(self) -> np.ndarray:
        return self.bytes_of * len(self.sizes) + self.model


def cast_ballots(digests: Sequence[str], labels_true: np.ndarray) -> Ballots:
    """Returns the ballots of a catalogue.

    digests: (n_images,), one per photo, of its bytes; labels_true: (n_images,) models from 0, or UNLABELLED.
    """
    labels_true = np.asarray(labels_true, dtype=np.int64)
    bytes_of = np.unique(np.asarray(digests, dtype=object).astype(str), return_inverse=True)[1].astype(np.int64)
    labelled = np.flatnonzero(labels_true != UNLABELLED)
    n_models = int(labels_true.max(initial=-1)) + 1
    keys, first, inverse = np.unique(
        bytes_of[labelled] * max(n_models, 1) + labels_true[labelled], return_index=True, return_inverse=True
    )
    of_photo = np.full(len(labels_true), -1)
    of_photo[labelled] = inverse
    model = keys % max(n_models, 1)
    return Ballots(of_photo, labelled[first], keys // max(n_models, 1), model, np.bincount(model, minlength=n_models))
