"""`review FOLDER ... [--out DIR]`: lists photos that seem to be filed under the wrong model."""

from __future__ import annotations

import argparse
from typing import Any

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import Store
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import cache_dir
from shopsim.cli.grouping import add_grouping_arguments, make_grouping
from shopsim.cli.result import Result, UsageError
from shopsim.cli.split_leaks import leaks_of
from shopsim.review import LabelErrors
from shopsim.review.decisions import corrected, read_decisions
from shopsim.review.found import LEAST
from shopsim.review.report import label_errors_csv, label_errors_of, suspect_fields
from shopsim.scoring.evaluation import evaluate

SUMMARY = "List the photos whose true model disagrees with the photos they are like, the surest errors first."
FILE_NAME = "label_errors.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    add_grouping_arguments(parser, f"where {FILE_NAME} goes; made if need be (default: nothing is written)", False)
    parser.add_argument(
        "--min-score",
        metavar="X",
        type=float,
        help=f"list suspects from this score on, {LEAST:g} to 1 (default: learnt from pretended mistakes)",
    )


def run(args: argparse.Namespace) -> Result:
    """Group, and say which labels the photos contradict."""
    if args.min_score is not None and not LEAST <= args.min_score <= 1:
        raise UsageError(f"--min-score is {args.min_score:g}; a score lies between {LEAST:g} and 1.")
    result = make_grouping(args)
    grouping, catalog = result.grouping, result.grouping.fitted.catalog
    if grouping.evaluation is None:
        raise ShopsimError(
            f"'{catalog.name}' has no true labels, so none can be wrong; name a file of them by --labels."
        )
    errors, decisions = label_errors_of(grouping, store=Store(cache_dir())), read_decisions(catalog)
    least = errors.cutoff if args.min_score is None else args.min_score
    rows = errors.suspects(least).tolist()
    suspects = [suspect_fields(grouping, errors, row, decisions) for row in rows]
    changed, n_accepted = corrected(catalog, decisions)
    files = []
    if args.out is not None:
        path = (args.out / FILE_NAME).absolute()
        write_bytes(path, label_errors_csv(grouping, errors, rows, decisions, args.raw))
        files.append(str(path))
    leaks, told, written = leaks_of(grouping.fitted, args.out, args.raw)
    fields = {
        **leaks,
        "min_score": float(least),
        "suspects": suspects,
        "n_wrong_estimated": errors.n_wrong,
        "n_fits_nowhere": len(errors.strays),
        "n_accepted": n_accepted,
        "ari_corrected": evaluate(changed.labels_true, grouping.labels_pred).ari,
        "files": [*files, *written],
    }
    return Result(result.fields | fields, [*result.lines, *told, *_lines(fields, errors)], result.problems)


def _lines(fields: dict[str, Any], errors: LabelErrors) -> list[str]:
    n_listed, least = len(fields["suspects"]), fields["min_score"]
    lines = [
        f"{n_listed:,} suspect{'' if n_listed == 1 else 's'} from a score of {least!r} on; wrong labels, estimated: "
        f"{errors.n_wrong:,.0f}; photos that fit no model: {fields['n_fits_nowhere']:,}.",
    ]
    for number, suspect in enumerate(fields["suspects"], 1):
        decision = f" ({suspect['decision']})" if suspect["decision"] else ""
        lines.append(f"{number:4d}. {suspect['score']:.4f} {suspect['image_id']}{decision}: {suspect['model']} -> ")
        lines[-1] += f"{suspect['suggested']}. {suspect['evidence']}"
    if fields["n_accepted"]:
        lines.append(f"ARI {fields['ari_corrected']:.4f} with {fields['n_accepted']:,} accepted corrections.")
    return [*lines, *(f"Wrote '{path}'." for path in fields["files"])]
