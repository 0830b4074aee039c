"""A network in a SavedModel folder, as OpenVINO and as TensorFlow run it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.base.disk.damage import note_damage
from shopsim.base.errors import ShopsimError
from shopsim.features.networks import converted
from shopsim.features.networks.conversion import CannotConvertError, convert
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.precision import FLOAT32
from shopsim.features.networks.saved_model import SavedModel
from shopsim.features.networks.trust import check_may_load

if TYPE_CHECKING:
    import openvino


def saved_model_key(weights: str, side: int) -> str:
    """Returns the key of a SavedModel's features in float32. weights: the digest of its weights."""
    return f"saved_model/1 weights={weights} input={side} rgb=0..1"


class SavedModelSource:
    """The network in a folder, for photos of one size; n_features: the length of a row if it is known beforehand.

    The key names the weights, so the place of the network does not matter to the cache.
    """

    def __init__(self, folder: Path, side: int, n_features: int | None = None) -> None:
        self.side, self.n_features = side, n_features
        self.weights = weights_digest(folder)
        self.key = saved_model_key(self.weights, side)
        self._folder = folder
        self._model: openvino.Model | None = None

    def is_converted(self) -> bool:
        """Returns whether an earlier conversion for photos of this size is kept, or the reason why there is none."""
        return converted.is_answered(self.weights, FLOAT32, self.side)

    def runs_on_openvino(self) -> bool:
        """Returns whether OpenVINO can run it; TensorFlow converts it for the answer unless that is kept.

        Raises ShopsimError as `SavedModel` does.
        """
        return self._found() is not None

    def openvino(self) -> openvino.Model:
        """Returns the network for OpenVINO, once `runs_on_openvino`."""
        model, self._model = self._found(), None
        return model

    def _found(self) -> openvino.Model | None:
        """The kept network, or a new conversion, which is kept; None, which is said once, if it cannot be converted."""
        check_may_load(self._folder)
        if self._model is not None:
            return self._model
        about = (FLOAT32, self.side)
        kept = converted.load(self.weights, *about)
        if isinstance(kept, str):
            return None
        self._model = self._convert(about) if kept is None else kept
        return self._model

    def _convert(self, about: tuple[object, ...]) -> openvino.Model | None:
        try:
            model = convert(SavedModel(self._folder, self.side), self.side)
        except CannotConvertError as error:
            converted.keep_reason(str(error), self.weights, *about)
            note_damage(f"OpenVINO cannot run the network in '{self._folder}' ({error}), so TensorFlow runs it.")
            return None
        return converted.keep(model, self.weights, *about)

    def tensorflow(self) -> Callable[[np.ndarray], np.ndarray]:
        """Returns the network as TensorFlow runs it. Raises ShopsimError as `SavedModel` does."""
        return SavedModel(self._folder, self.side)

    def check(self, n_features: int) -> None:
        """Raises ShopsimError if the network gives rows of another length than expected."""
        if n_features != (self.n_features or n_features):
            raise ShopsimError(
                f"The network in '{self._folder}' gives {n_features} features where {self.n_features} are expected; "
                "put the right one there."
            )
