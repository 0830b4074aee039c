"""The leaderboard as a data frame, and how its columns are shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pandas as pd
import streamlit as st

from shopsim.grouping.part_titles import second_title
from shopsim.tuning.leaderboard import Row
from shopsim.tuning.leaderboard_cell import Cell
from shopsim.tuning.leaderboard_table import best_row, error_ratios, row_titles


def table(rows: Sequence[Row], current: Cell | None) -> pd.DataFrame:
    """Returns one record per row, without empty columns. current: the sidebar's setting, None if it is no row."""
    best = best_row(rows)
    records = []
    for place, (row, ratio) in enumerate(zip(rows, error_ratios(rows), strict=True)):
        source = row.source
        # In a column of its own, since a narrow one would cut it off.
        extractor, space, clusterer = row_titles(replace(row, source=source and source.alone))
        second = second_title(source.second) if source and source.second else None
        mark = " ".join(["★"] * (place == best) + ["now"] * (row.cell is not None and row.cell == current))
        scores = row.scores
        record = {"mark": mark, "extractor": extractor, "second": second, "space": space, "clusterer": clusterer}
        if scores is not None:
            record |= {
                "ari": scores.ari,
                "interval": scores.interval,
                "tuned": scores.tuned_ari,
                "error": None if ratio is None else 100 * ratio,
                "precision": scores.precision,
                "recall": scores.recall,
                "groups": scores.n_groups,
                "models": scores.n_models,
                "seconds": scores.seconds or None,
            }
        records.append(record | {"note": row.reason})
    # Columns that say nothing are left out.
    silent = {"note"} - {"note" for row in rows if row.reason}
    silent |= {"extractor"} if len({row.source.extractor_key for row in rows if row.source is not None}) == 1 else set()
    silent |= {"second"} - {"second" for record in records if record["second"]}
    return pd.DataFrame(records, columns=[name for name in columns() if name not in silent])


def columns() -> dict[str, object]:
    """Returns how Streamlit shows each column."""
    number, bar = st.column_config.NumberColumn, st.column_config.ProgressColumn
    text = st.column_config.TextColumn
    return {
        "mark": text("", width=60, help="★: the best of these settings; now: what the sidebar says."),
        "extractor": text("Extractor", width=112),
        "second": text("Added", width=144, help="A second extractor, with its share of the similarity."),
        "space": text("Space", width=152),
        "clusterer": text("Clustering", width=124),
        "ari": bar("Held-out ARI", format="%.3f", min_value=0, max_value=1, width=112),
        "interval": text("Interval", width=96, help="95 %, by a bootstrap over models."),
        "tuned": number("Tuned ARI", format="%.3f", width=76, help="Tuned on the scored photos: too optimistic."),
        "error": number("Error", format="%.0f %%", width=64, help="1 - ARI, as a share of the contest baseline's."),
        "precision": number("Precision", format="%.3f", width=72, help="Share of the joined pairs that are right."),
        "recall": number("Recall", format="%.3f", width=64, help="Share of the models' pairs that are joined."),
        "groups": number("Groups", format="localized", width=60, help="Found on held-out models, over all folds."),
        "models": number("Models", format="localized", width=60, help="True ones among them, over all folds."),
        "seconds": number("Seconds", format="%.1f", width=68, help="Tuning and scoring all folds."),
        "note": text("Note"),
    }
