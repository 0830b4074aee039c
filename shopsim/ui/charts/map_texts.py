"""Writes the texts of the map's tooltip for each photo."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from shopsim.base.labels import UNLABELLED
from shopsim.catalog.catalog import Catalog
from shopsim.ui.charts.map_colours import RIGHT, SPLIT, WRONG, Homes

_VERDICTS = {RIGHT: "right", SPLIT: "split off", WRONG: "wrong"}


@dataclass(frozen=True, eq=False)
class Known:
    """Says one thing of each photo: the title, the texts, and of which text it is; of: (m,) positions in texts."""

    title: str
    texts: list[str]
    of: np.ndarray

    def written_out(self) -> list[str]:
        """Returns the text of each photo."""
        return [self.texts[position] for position in self.of.tolist()]


def known_of(
    catalog: Catalog, rows: np.ndarray, labels_pred: np.ndarray, homes: Homes | None, verdicts: np.ndarray | None
) -> list[Known]:
    """Returns what is known of the photos in `rows`: the group, and with true models the model and the verdict."""
    sizes = np.bincount(labels_pred)
    shown = _shown_models(catalog, len(sizes), homes)
    groups = [f"{group}, {size:,} photo{'s' if size != 1 else ''}{shown[group]}" for group, size in enumerate(sizes)]
    group = Known("group", groups, labels_pred[rows])
    if verdicts is None or catalog.labels_true is None:
        return [group]
    names = [*(catalog.model_name(model) for model in catalog.models), catalog.model_name(None)]
    models = catalog.labels_true[rows]
    judged = [_VERDICTS.get(verdict, "model not known") for verdict in range(max(_VERDICTS) + 1)]
    return [
        Known("model", names, np.where(models == UNLABELLED, len(names) - 1, models)),
        group,
        Known("verdict", judged, verdicts[rows]),
    ]


def photo_names(catalog: Catalog, rows: np.ndarray) -> list[str]:
    """Returns the file name of each photo in `rows`."""
    return [catalog.images[row].image_id.rpartition("/")[2] for row in rows.tolist()]


def _shown_models(catalog: Catalog, n_groups: int, homes: Homes | None) -> list[str]:
    if homes is None:
        return [""] * n_groups
    return ["" if model < 0 else f", shows {catalog.model_name(catalog.models[model])}" for model in homes.model_of]
