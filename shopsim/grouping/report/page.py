"""Writes the report as one HTML file without any program, link or address in it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from shopsim.grouping.report.contents import Contents, GroupShown
from shopsim.grouping.report.corrected import corrections_table, corrections_told, scores_side_by_side
from shopsim.grouping.report.curve_svg import LINES, curve_svg
from shopsim.grouping.report.pictures import addresses
from shopsim.grouping.report.sections import (
    answer,
    costs_told,
    figures,
    limits,
    settings_table,
    tuned_told,
)
from shopsim.grouping.report.texts import Texts

if TYPE_CHECKING:
    from jinja2 import Template

_NAME = "page.html.j2"


def report_html(contents: Contents, texts: Texts | None = None) -> bytes:
    """Returns the whole file in UTF-8; the same contents give the same bytes. No name is ever read as HTML."""
    texts = texts or Texts()
    grouping = contents.grouping
    catalog = grouping.fitted.catalog
    shown = [*contents.worst, *contents.best]
    pictures = addresses(catalog.images, (row for group in shown for row in group.rows))
    page = _template().render(
        t=texts.say,
        counted=texts.counted,
        contents=contents,
        given=contents.given,
        grouping=grouping,
        catalog=catalog,
        pictures=pictures,
        curve=_curve(contents, texts),
        lines=[name for name, _ in reversed(LINES)],
        answer=answer(contents, texts),
        figures=figures(contents, texts),
        tuned=tuned_told(contents, texts),
        settings=settings_table(contents, texts),
        corrections=corrections_told(contents, texts),
        corrections_made=corrections_table(contents, texts),
        scores_side_by_side=scores_side_by_side(contents, texts),
        costs=costs_told(contents, texts),
        limits=limits(contents, texts),
        cells=_cells(contents),
        facts=lambda group: _facts(group, contents, texts),
    )
    # A name may hold half a surrogate pair, which is no UTF-8.
    return page.encode("utf-8", "backslashreplace")


@cache
def _template() -> Template:
    # Reading templates takes a moment that most commands need not spend.
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    places = FileSystemLoader(Path(__file__).parent)
    environment = Environment(
        loader=places, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    return environment.get_template(_NAME)


def _curve(contents: Contents, texts: Texts) -> str:
    """Returns the drawing as HTML, '' if the clustering is no tree."""
    fitted = contents.measured.fitted
    if fitted.curve is None:
        return ""
    names = {name: texts.say(f"figure.{name}") for name in ("ari", "precision", "recall")}
    if contents.matrix is None and contents.given.scores.ari is None:
        names = {"groups": texts.say("curve.groups")}
    low = max(fitted.control.low, -1.0)
    return curve_svg(fitted.curve, contents.grouping.value, low, names, texts.say("curve.axis"))


def _cells(contents: Contents) -> list[tuple[str, Sequence[tuple[int, float]], int]]:
    """Returns the rows of the matrix: the model, (photos, share of the row) per group, and photos elsewhere."""
    matrix = contents.matrix
    if matrix is None:
        return []
    totals = matrix.counts.sum(axis=1) + matrix.rest
    shares = np.divide(matrix.counts, totals[:, None], out=np.zeros(matrix.counts.shape), where=totals[:, None] > 0)
    return [
        (model, list(zip(counts.tolist(), share.round(2).tolist(), strict=True)), int(rest))
        for model, counts, share, rest in zip(matrix.models, matrix.counts, shares, matrix.rest, strict=True)
    ]


def _facts(group: GroupShown, contents: Contents, texts: Texts) -> list[str]:
    """Returns what stands below the name of a group."""
    catalog = contents.grouping.fitted.catalog
    facts = [texts.counted("group.size", group.size)]
    if group.model is not None:
        key = "group.only" if group.is_whole else "group.mostly"
        facts.append(texts.say(key, model=catalog.model_name(group.model)))
    if group.wrong_pairs:
        facts.append(texts.counted("group.wrong", group.wrong_pairs))
    if group.size > 1:
        facts.append(texts.say("group.weakest", similarity=group.weakest))
    if len(group.rows) < group.size:
        facts.append(texts.say("group.shown", shown=len(group.rows), n=group.size))
    return facts
