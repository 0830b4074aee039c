"""The leaderboard as people read it: titles of settings, one record per row, a CSV file."""

from __future__ import annotations

from collections.abc import Sequence

from shopsim.base.registry import Registry
from shopsim.base.text.spreadsheet import Cell as TableCell
from shopsim.base.text.spreadsheet import Digits, csv_bytes
from shopsim.clusterers import clusterers
from shopsim.features.extractors import extractors
from shopsim.grouping.part_titles import part_title, with_second
from shopsim.spaces import spaces
from shopsim.tuning.leaderboard import Row
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_row import AUTO, BASELINE

_REGISTRIES: tuple[Registry, ...] = (extractors, spaces, clusterers)
_CSV_COLUMNS = (
    "extractor",
    "space",
    "clusterer",
    "held_out_ari",
    "low",
    "high",
    "tuned_ari",
    "error_ratio",
    "pair_precision",
    "pair_recall",
    "groups",
    "models",
    "photos",
    "folds",
    "seconds",
    "note",
)


def titles(cell: Cell) -> tuple[str, str, str]:
    """The titles of the cell's extractor, space and clusterer."""
    recipe = cell.recipe
    given = (
        (cell.extractor, cell.extractor_settings),
        (recipe.space, recipe.space_settings),
        (recipe.clusterer, recipe.clusterer_settings),
    )
    found = (part_title(registry, *each) for registry, each in zip(_REGISTRIES, given, strict=True))
    extractor, space, clusterer = found
    return with_second(extractor, cell.second), space, clusterer


def distinct_titles(cells: Sequence[Cell]) -> list[str]:
    """A title for each of some settings, made only of the parts in which they differ."""
    columns = list(zip(*(titles(cell) for cell in cells), strict=True))
    told = [column for column in columns if len(set(column)) > 1] or columns[-1:]
    return [" · ".join(parts) for parts in zip(*told, strict=True)]


def row_titles(row: Row) -> tuple[str, str, str]:
    """The titles of a row, as `titles` gives them; a row that is no setting has its own title for a clusterer."""
    if row.source is None:
        return "", "", row.title
    extractor, space, clusterer = titles(row.source)
    if row.title:
        return extractor, "not normalised" if row.title == BASELINE else "", row.title
    return extractor, space, clusterer


def _is_ours(row: Row) -> bool:
    return row.cell is not None or row.title == AUTO


def best_row(rows: Sequence[Row]) -> int | None:
    """The number of the row with the highest held-out ARI, the first of equals; None if there is none.

    Only settings and Auto count.
    """
    scored = [place for place, row in enumerate(rows) if _is_ours(row) and row.scores is not None]
    return max(scored, key=lambda place: rows[place].scores.ari, default=None)


def error_ratios(rows: Sequence[Row]) -> list[float | None]:
    """For each row (1 - ari) / (1 - ari of the contest baseline on the same extractor's features).

    None where either has no score, for a baseline itself, and where the baseline is perfect.
    """
    found = [row for row in rows if row.title == BASELINE and row.scores is not None]
    errors = {row.source.extractor_key: 1 - row.scores.ari for row in found}
    ratios: list[float | None] = []
    for row in rows:
        scored = row.source is not None and row.title != BASELINE and row.scores is not None
        error = errors.get(row.source.extractor_key, 0.0) if scored else 0.0
        ratios.append((1 - row.scores.ari) / error if error > 0 else None)
    return ratios


def by_score(rows: Sequence[Row]) -> list[Row]:
    """The rows, best first; those without a score come last, and equals keep their order."""
    return sorted(rows, key=lambda row: -row.scores.ari if row.scores is not None else float("inf"))


def leaderboard_csv(rows: Sequence[Row]) -> bytes:
    """One line per row in their order; UTF-8 with byte order mark, safe for spreadsheets."""
    ratios = error_ratios(rows)
    lines = ([*row_titles(row), *_numbers(row, ratio), row.reason] for row, ratio in zip(rows, ratios, strict=True))
    return csv_bytes(_CSV_COLUMNS, lines)


def _numbers(row: Row, ratio: float | None) -> list[TableCell]:
    """The cells between the titles and the reason; they are empty for a row without scores."""
    if row.scores is None:
        return [None] * 12
    s = row.scores
    scores = [s.ari, s.low, s.high, s.tuned_ari, ratio, s.precision, s.recall]
    written = [None if score is None else Digits(f"{score:z.6f}") for score in scores]
    return [*written, s.n_groups, s.n_models, s.n_images, s.n_folds, Digits(f"{s.seconds:.2f}")]
