"""Writes the texts of the map's tooltip for each photo."""

from __future__ import annotations

import numpy as np

from shopsim.catalog.catalog import Catalog
from shopsim.ui.charts.map_colours import RIGHT, SPLIT, WRONG, Homes

_VERDICTS = {RIGHT: "right", SPLIT: "split off", WRONG: "wrong"}


def tooltip_texts(
    catalog: Catalog, rows: np.ndarray, labels_pred: np.ndarray, homes: Homes | None, verdicts: np.ndarray | None
) -> dict[str, list[str]]:
    """Returns columns of (m,) texts for the photos in `rows`: name, group, and if known model and verdict."""
    sizes = np.bincount(labels_pred)
    shown = _shown_models(catalog, len(sizes), homes)
    groups = [f"{group}, {size:,} photo{'s' if size != 1 else ''}{shown[group]}" for group, size in enumerate(sizes)]
    chosen = rows.tolist()
    texts = {
        "name": [catalog.images[row].image_id.rpartition("/")[2] for row in chosen],
        "group": [groups[group] for group in labels_pred[rows].tolist()],
    }
    if verdicts is not None:
        texts["model"] = [catalog.model_name(catalog.images[row].model) for row in chosen]
        texts["verdict"] = [_VERDICTS.get(verdict, "model not known") for verdict in verdicts[rows].tolist()]
    return texts


def _shown_models(catalog: Catalog, n_groups: int, homes: Homes | None) -> list[str]:
    if homes is None:
        return [""] * n_groups
    return ["" if model < 0 else f", shows {catalog.model_name(catalog.models[model])}" for model in homes.model_of]
