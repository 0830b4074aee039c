"""`--corrections [FILE]`: groups that respect what people said of them, with the scores of both."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.text.csv_text import decode, read_bytes
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.cli.result import UsageError, score_fields
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.grouping.corrections.action import Action
from shopsim.grouping.corrections.bound import Bound, bound_of
from shopsim.grouping.corrections.corrections_csv import read_corrections
from shopsim.grouping.corrections.fit_bound import bound_for
from shopsim.grouping.corrections.store import read_actions, read_all_actions
from shopsim.grouping.corrections.used import Applied, Used, statements_in, used_of
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.runs.record import Run

_WORKSPACE = Path()


@dataclass(frozen=True, eq=False)
class Rebound:
    """Groups with the corrections that are asked for. applied: None without any; fields, lines: what to say of them."""

    grouping: Grouping
    applied: Applied | None = None
    fields: Mapping[str, Any] = field(default_factory=dict)
    lines: Sequence[str] = ()

    @property
    def measured(self) -> Grouping:
        """The groups without corrections."""
        return self.grouping if self.applied is None else self.applied.measured


def add_corrections_option(parser: argparse.ArgumentParser) -> None:
    """Adds `--corrections [FILE]`."""
    parser.add_argument(
        "--corrections",
        metavar="FILE",
        nargs="?",
        type=Path,
        const=_WORKSPACE,
        help="respect what people said of the groups: the corrections of the workspace, or those of a CSV file; the "
        "threshold and the scores without them stay beside it (default: no corrections)",
    )


def check_corrections(args: argparse.Namespace) -> None:
    """Raises UsageError if corrections are wanted and this way of grouping cannot respect any."""
    if getattr(args, "corrections", None) is None or getattr(args, "tuned_on", None) is not None:
        return
    try:
        check_takes_bindings(args.clusterer)
    except ShopsimError as error:
        raise UsageError(str(error)) from None


def actions_in(path: Path, catalog: Catalog) -> tuple[Action, ...]:
    """Returns the corrections in a CSV file. Raises ShopsimError, with one sentence per bad row."""
    return read_corrections(decode(read_bytes(path), str(path)), path.name, catalog)


def with_corrections(args: argparse.Namespace, measured: Grouping, rebind: Callable[[Bound], Fitted]) -> Rebound:
    """Returns the groups with the corrections of --corrections or of --run, at the same threshold.

    measured: the groups without corrections, which are returned where neither option brings any. rebind: groups the
    same photos with corrections.
    """
    kept = getattr(args, "kept_run", None)
    if kept is not None and kept.about.corrections is not None:
        bound, used = _kept_in(kept, measured.fitted), kept.about.corrections
    elif getattr(args, "corrections", None) is not None:
        bound, used = _asked_for(args.corrections, measured.fitted)
    else:
        return Rebound(measured)
    scores, n_used = score_fields(measured.fitted.catalog.labels_true, measured.labels_pred), used.n if bound else 0
    fields = {"n_corrections": n_used, "without_corrections": scores}
    if not bound:
        return Rebound(measured, None, fields, tuple(_lines(n_used, scores)))
    grouping = rebind(bound).group(measured.value, measured.tuned_on, measured.strict)
    applied = Applied(used, statements_in(bound, photo_keys(measured.fitted.catalog)), measured)
    return Rebound(grouping, applied, fields, tuple(_lines(n_used, scores)))


def _asked_for(path: Path, fitted: Fitted) -> tuple[Bound, Used]:
    if path == _WORKSPACE:
        known, everywhere = read_actions(fitted.catalog), read_all_actions()
    else:
        known = everywhere = actions_in(path, fitted.catalog)
    bound = bound_for(fitted, everywhere)
    return bound, used_of(known, statements_in(bound, photo_keys(fitted.catalog)))


def _kept_in(run: Run, fitted: Fitted) -> Bound:
    return bound_of(photo_keys(fitted.catalog), run.statements, fitted.catalog.image_ids)


def _lines(n_used: int, scores: dict[str, Any]) -> list[str]:
    lines = [f"Corrections used: {n_used:,}. Without them there are {scores['n_groups']:,} groups."]
    if scores["ari"] is not None:
        lines[0] = (
            f"Corrections used: {n_used:,}. Without them: {scores['n_groups']:,} groups, ARI {scores['ari']:.4f}, "
            f"pair precision {scores['pair_precision']:.4f}, pair recall {scores['pair_recall']:.4f}."
        )
        lines.append("The scores with corrections do not measure the method: people told it some of the answers.")
    if n_used:
        lines.append(
            "Estimated scores, estimated costs and the least cost are those of the groups without corrections."
        )
    return lines
