"""Writes a built-in model: the arrays of its forest, and a card that says how it was made."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from built_in import training
from built_in.measuring import FAMILIES, Measured
from built_in.ranges import ranges_of
from built_in.training import Judged

from shopsim.grouping.companions import light_companion_of
from shopsim.grouping.recipe import Recipe
from shopsim.tuning.built_in.forest import Forest

VERSION = 1
_LICENCES = {
    "grocery": "Grocery Store Dataset (Klasson et al., WACV 2019), MIT",
    "shoe_pairs": "Shoes-Pair-Classification, MIT by its README",
    "lego_minifigs": "Lego Minifigures (Isaienkov et al.), CC0 file, upstream CC BY 4.0",
    "dedupe_mini": "ThreatExchange pdq/data, BSD; imagededup test photos, Apache-2.0",
    "demo": "drawn by this program",
}


def save_model(
    folder: Path,
    extractor: str,
    forest: Forest,
    measured: Sequence[Measured],
    judged: Sequence[Judged],
    table: Sequence[str],
) -> None:
    """Writes NAME.npz and NAME.json into the folder."""
    recipe = Recipe()
    families = sorted({family for one in measured for family in one.family.split(FAMILIES)})
    parts = Counter(one.kind for one in measured)
    margins, coverage = ranges_of(judged)
    card = {
        "version": VERSION,
        "extractor": extractor,
        "companion": light_companion_of(extractor),
        "space": recipe.space,
        "clusterer": recipe.clusterer,
        "columns": list(training.COLUMNS),
        "outputs": ["ari", "precision", "recall"],
        "made_by": "scripts/built_in_settings.py",
        "photos": {family: _LICENCES.get(family, "not known") for family in families},
        "catalogues": dict(sorted(parts.items())),
        "cuts": sum(len(one.scores) for one in measured),
        "forest": {
            "kind": "extremely randomised trees (Geurts, Ernst and Wehenkel 2006)",
            "trees": training.N_TREES,
            "least_per_leaf": training.LEAST_PER_LEAF,
            "share_of_columns": training.SHARE_OF_COLUMNS,
            "weight_of_several_kinds": training.WEIGHT_OF_UNIONS,
        },
        "unseen": list(table),
        "coverage": coverage,
        "margins": margins,
    }
    folder.mkdir(exist_ok=True)
    text = json.dumps(card, indent=1, ensure_ascii=False) + "\n"
    (folder / f"{extractor}.json").write_text(text, encoding="utf-8")
    np.savez_compressed(folder / f"{extractor}.npz", **forest.arrays())
