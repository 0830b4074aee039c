"""Trains a network, or its last blocks, on labelled photos, pass by pass; goes on where an earlier run stopped."""

from __future__ import annotations

import time
from pathlib import Path

import numpy as np

from shopsim.base.disk.sealed import SEALED, read_sealed
from shopsim.base.disk.store import load_arrays, save_arrays
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, silent
from shopsim.learning.network.activations import Activations
from shopsim.learning.network.batches import batches, n_batches
from shopsim.learning.network.engine import Engine

_AT_ONCE = 64
_STATE = f"state{SEALED}.npy"


class TailTraining:
    """One training: its state is on disk, and in the engine only while a pass is made.

    labels_true: (n,) integers of the n photos of `activations` numbered in `photos`. keep: a folder; each pass that
    is done is kept there until `keep_only`, and a training of the same folder goes on after the last one, as if it had
    never stopped. losses, seconds: mean loss and duration of each pass so far.
    """

    def __init__(
        self,
        engine: Engine,
        activations: Activations,
        photos: np.ndarray,
        labels_true: np.ndarray,
        n_views: int,
        seed: int,
        keep: Path,
    ) -> None:
        self._engine, self._activations, self._photos, self._seed, self.keep = engine, activations, photos, seed, keep
        models, self._labels = np.unique(labels_true, return_inverse=True)
        self._n_models, self._n_views = len(models), n_views
        self._taken: list[np.ndarray] = []
        self.losses: list[float] = []
        self.seconds: list[float] = []
        self._restore()

    @property
    def n_done(self) -> int:
        """The number of passes that are done."""
        return len(self.losses)

    @property
    def n_batches(self) -> int:
        """The number of batches of a pass."""
        return n_batches(self._labels)

    def one_pass(self, progress: Progress = silent) -> float:
        """Makes one pass over about all photos, and returns the mean loss. progress: counts batches.

        Raises ShopsimError if the kept state was cleared, or another process has gone on with it.
        """
        begun, total, losses = time.monotonic(), self.n_batches, []
        try:
            history, state = self._kept_state()
        except ValueError:
            raise ShopsimError("The cache was cleared while a network was trained; start again.") from None
        if not np.array_equal(history, self._history, equal_nan=True):
            raise ShopsimError("Another process goes on with the same training; wait until it has ended.")
        self._engine.load(state)
        for done, (rows, views) in enumerate(batches(self._labels, self._n_views, self._seed, self.n_done)):
            progress(done, total)
            read = self._activations.read(self._photos[rows], views)
            losses.append(self._engine.step(read, self._labels[rows], self._n_models))
        self.losses.append(float(np.mean(losses)))
        self.seconds.append(time.monotonic() - begun)
        self._save()
        return self.losses[-1]

    def take(self, n_passes: int) -> None:
        """Lets `features` use the weights after so many passes; after 0, the original ones."""
        try:
            self._taken = _read(self.keep / _name(n_passes))
        except ValueError:
            # Begun anew next time: what follows a pass that is lost cannot be told from it.
            (self.keep / _STATE).unlink(missing_ok=True)
            raise ShopsimError("A pass of the training is missing from the cache or damaged; start again.") from None

    def keep_only(self, n_passes: int) -> None:
        """Removes the weights of every other pass, which take room; further passes stay possible."""
        for path in self.keep.glob(_name("*")):
            if path.name != _name(n_passes):
                path.unlink(missing_ok=True)

    def names(self, photos: np.ndarray) -> list[str]:
        """Returns the digest of each of (b,) photos."""
        return [self._activations.digests[photo] for photo in photos]

    def weights(self) -> list[np.ndarray]:
        """Returns the weights of the tail that `take` chose last."""
        return self._taken

    def features(self, photos: np.ndarray) -> np.ndarray:
        """Returns (b, n_features) float32 for (b,) numbers of photos: of the photos themselves, not of their edits."""
        self._engine.show(self._taken)
        parts = [photos[start : start + _AT_ONCE] for start in range(0, len(photos), _AT_ONCE)]
        return np.concatenate([self._engine.features(self._activations.read(part)) for part in parts])

    @property
    def _history(self) -> np.ndarray:
        """The losses and seconds of each pass, (2, n_done)."""
        return np.array([self.losses, self.seconds])

    def _save(self) -> None:
        save_arrays(self.keep / _name(self.n_done), self._engine.weights())
        # Last, so that a pass which is counted has its weights.
        save_arrays(self.keep / _STATE, [self._history, *self._engine.state()])

    def _kept_state(self) -> tuple[np.ndarray, list[np.ndarray]]:
        history, *state = _read(self.keep / _STATE)
        return history, state

    def _restore(self) -> None:
        """Goes on from the kept state; starts again if something of it is damaged."""
        try:
            # A damaged pass or score shows when it is needed, by when weights it was made from may be gone.
            if any(read_sealed(path) is None for path in self.keep.glob(f"*{SEALED}.*")):
                raise ValueError("not everything that was kept is sound")
            history, state = self._kept_state()
            losses, seconds = history.tolist()
            self._engine.load(state)
            self.losses, self.seconds = losses, seconds
        except (ValueError, TypeError):
            self._engine.load(self._engine.fresh(self._n_models, self._seed))
            self._save()


def _name(n_passes: int | str) -> str:
    return f"pass-{n_passes:0>3}{SEALED}.npy"


def _read(path: Path) -> list[np.ndarray]:
    """Returns the arrays kept there. Raises ValueError if there are none that can be read."""
    arrays = load_arrays(path)
    if arrays is None:
        raise ValueError(f"'{path}' is missing or damaged")
    return arrays
