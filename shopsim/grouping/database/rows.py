"""The rows that a database gets: one for the run, one per group, one per photo."""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from shopsim.base.disk.store import digest_of
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.runs.record import About

RUNS, GROUPS, PHOTOS = "shopsim_runs", "shopsim_groups", "shopsim_photos"
SCORES = ("ari", "pair_precision", "pair_recall")
Row = dict[str, Any]


@dataclass(frozen=True, eq=False)
class Written:
    """One run as a database gets it. Values are text, whole numbers, numbers or None."""

    run: Row
    groups: list[Row]
    photos: list[Row]


def id_of(grouping: Grouping) -> str:
    """Returns 16 digits that the same groups of the same photos have again, for a run that is not kept."""
    return digest_of(grouping.fitted.key, grouping.fitted.catalog.digest, grouping.value, grouping.strict)[:16]


def rows_of(grouping: Grouping, about: About, numbers: np.ndarray, is_kept: bool) -> Written:
    """Returns all rows of a grouping.

    about: its settings, scores and origin. numbers: (n,) int64 number of each photo's group. is_kept: whether it is
    kept as a run, under an id of its own.
    """
    run_id = about.id if is_kept else id_of(grouping)
    groups, photos = list(_groups(grouping, numbers, run_id)), _photos(grouping, numbers, run_id)
    return Written(_run(about, run_id, is_kept), groups, photos)


def _run(about: About, run_id: str, is_kept: bool) -> Row:
    settings, scores, origin = about.settings, about.scores, about.provenance
    return _plain(
        {
            "run_id": run_id,
            "name": about.name if is_kept else None,
            "catalog": about.catalog,
            "folder": settings.folder,
            "made_at": origin.kept_at,
            "made_by": origin.who or None,
            "extractor": settings.extractor,
            "space": settings.space,
            "clusterer": settings.clusterer,
            "threshold": settings.value,
            "tuned_on": scores.tuned_on,
            "settings": json.dumps(asdict(settings)),
            "n_photos": scores.n_images,
            "n_groups": scores.n_groups,
            "n_labelled": scores.n_labelled,
            "n_models": scores.n_models,
            **{name: getattr(scores, name) for name in SCORES},
            "n_corrections": 0 if about.corrections is None else about.corrections.n,
            **{f"{name}_without_corrections": getattr(about.measured, name) for name in SCORES},
        }
    )


def _groups(grouping: Grouping, numbers: np.ndarray, run_id: str) -> Iterator[Row]:
    number_of = dict(zip(grouping.labels_pred.tolist(), numbers.tolist(), strict=True))
    for row in grouping.table.to_dict("records"):
        yield _plain(
            {
                "run_id": run_id,
                "group_id": number_of[row["group"]],
                "n_photos": int(row["size"]),
                "model": row["model"],
                "purity": float(row["purity"]),
                "representative": row["representative"],
            }
        )


def _photos(grouping: Grouping, numbers: np.ndarray, run_id: str) -> list[Row]:
    photos = zip(grouping.fitted.catalog.images, numbers.tolist(), grouping.representatives.similarity, strict=True)
    return [
        _plain(
            {
                "run_id": run_id,
                "place": place,
                "image_id": image.image_id,
                "digest": image.digest,
                "group_id": number,
                "model": image.model,
                "product": image.product,
                "category": image.category,
                "similarity": float(similarity),
            }
        )
        for place, (image, number, similarity) in enumerate(photos)
    ]


def _plain(row: Row) -> Row:
    """Returns the row with nothing that a database refuses: no NaN, no half surrogate pairs, no NUL characters."""
    return {name: _value(value) for name, value in row.items()}


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "backslashreplace").decode().replace("\0", "\\x00")
    return None if isinstance(value, float) and not math.isfinite(value) else value
