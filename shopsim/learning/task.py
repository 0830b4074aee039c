"""What to train, and whether it can be trained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.catalog.catalog import Catalog
from shopsim.features.extractors.fine_tuned import NAME as FINE_TUNED
from shopsim.features.networks.photos_known import check_not_trained_on
from shopsim.features.networks.precision import AUTOMATIC
from shopsim.features.networks.precision import NAME as PRECISION
from shopsim.features.networks.trained import check_name, is_of
from shopsim.features.networks.wanted import is_network
from shopsim.features.networks.weights import obtain, why_unavailable
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.learning.compare import fold_to_learn
from shopsim.learning.network.depth import MOST, check_depth
from shopsim.learning.prepare import METRIC, NETWORK, check_network
from shopsim.scoring.folds import MIN_MODELS


class WeightsMissing(ShopsimError):
    """The weights are not on this machine, but TensorFlow Hub may have them."""


@dataclass(frozen=True)
class Task:
    """What to train.

    seconds: for the training, and for each search of Auto after it. name: of the network, '' for a name from the
    catalogue's. depth: how much of a network is trained, a name of DEPTHS.
    """

    what: str
    extractor: str
    extractor_settings: Mapping[str, Value]
    seconds: float
    name: str = ""
    hold_out: bool = True
    depth: str = MOST

    def key(self, catalog: Catalog) -> str:
        """The key of everything that changes the result, except the time.

        The automatic precision is left out, so that a learning from before there was a choice can go on.
        """
        labels = [image.model for image in catalog.images]
        settings = sorted(each for each in self.extractor_settings.items() if each != (PRECISION, AUTOMATIC))
        depth = self.depth if self.what == NETWORK else ""
        return digest_of(self.what, self.extractor, settings, self.hold_out, depth, catalog.digest, labels)

    @property
    def asked(self) -> dict[str, Any]:
        """A person's choices, as plain values."""
        return {
            "extractor": self.extractor,
            "extractor_settings": dict(self.extractor_settings),
            "minutes": self.seconds / 60,
            "name": self.name,
            "hold_out": self.hold_out,
            "depth": self.depth,
        }


def check_task(task: Task, catalog: Catalog, may_fetch: bool = False) -> None:
    """Raises ShopsimError before anything starts: for missing labels, too few models or photos, a taken name, or a
    metric on features of a network that knows these models. Raises WeightsMissing if only the weights are missing.

    may_fetch: weights that are not on this machine are fetched, which takes time, instead of refused.
    """
    fold = fold_to_learn(catalog, task.hold_out)
    n_telling = int((np.unique(catalog.labels_true[fold.tuning], return_counts=True)[1] > 1).sum())
    if n_telling < 2 * MIN_MODELS:
        left = " left when some are held out" if task.hold_out else ""
        raise ShopsimError(
            f"'{catalog.name}' has {n_telling} models of two or more photos{left}; learning needs {2 * MIN_MODELS}, "
            f"{MIN_MODELS} to learn from and {MIN_MODELS} to judge by"
            + ("; learn from all models, or label more." if task.hold_out else "; label more.")
        )
    if task.what == METRIC and task.extractor == FINE_TUNED:
        digests = [image.digest for image in catalog.images]
        check_not_trained_on(str(task.extractor_settings.get("network", "")), digests)
    if task.what == NETWORK:
        check_network(task.extractor)
        check_depth(task.depth)
        if task.name and not is_of(task.name, task.key(catalog)):
            check_name(task.name)
    if task.extractor == OWN_VECTORS or not is_network(task.extractor):
        return
    if may_fetch:
        obtain(task.extractor, **task.extractor_settings)
        return
    missing = why_unavailable(task.extractor, **task.extractor_settings)
    if missing:
        raise (ShopsimError if task.extractor == FINE_TUNED else WeightsMissing)(missing)
