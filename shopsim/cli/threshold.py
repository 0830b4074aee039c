"""Reads `--threshold`, checks it before any long work, and resolves it once the tree is there."""

from __future__ import annotations

import argparse
import math

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Value
from shopsim.catalog.catalog import Catalog
from shopsim.cli.result import UsageError
from shopsim.clusterers import Control, clusterers
from shopsim.clusterers.merge_tree import MergeTree, threshold_for_size
from shopsim.grouping.grouping import TUNED_HERE, Fitted
from shopsim.scoring.curve import Curve
from shopsim.scoring.evaluation import NOT_KNOWN
from shopsim.tuning.built_in.opening import BUILT_IN, Blind

BEST = "best"
_BUILT_IN = "built-in"
Threshold = float | str | None
_UNITS = {"count": "a number of groups", "resolution": "a resolution"}


def add_threshold_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--threshold S | best | built-in`."""
    parser.add_argument(
        "--threshold",
        metavar="S|best|built-in",
        type=parse_threshold,
        help="similarity as 0.62 or 62%% (kmeans, average_count, som: the number of groups; leiden: a resolution; "
        "affinity_propagation: a preference), best: the highest ARI on these photos, or built-in: the built-in "
        "settings, which see no labels (default: best with labels, else built-in where they fit, else a guess)",
    )
    parser.add_argument(
        "--strict",
        action="store_true",
        help="split groups until any two photos of one are at least as similar as the threshold",
    )


def check_strict(strict: bool, control: Control, clusterer: str) -> None:
    """Raises UsageError if --strict is given and this clusterer is not cut at a similarity."""
    if strict and not control.is_a_threshold:
        raise UsageError(
            f"--strict needs a clusterer that joins photos at a similarity, as average or single; {clusterer} takes "
            f"{_UNITS.get(control.kind, 'a similarity of another kind')}."
        )


def add_expected_argument(parser: argparse.ArgumentParser) -> None:
    """Adds `--expect-photos M`."""
    parser.add_argument(
        "--expect-photos",
        metavar="M",
        type=_photos,
        help="instead of --threshold: the one that joins as many pairs as models of about M photos have",
    )


def check_expected(args: argparse.Namespace) -> None:
    """Raises UsageError if the threshold is chosen in two ways, or the clusterer makes no merge tree."""
    if args.expect_photos is None:
        return
    if args.threshold is not None:
        raise UsageError("--expect-photos and --threshold both choose the threshold; give one of them.")
    tree = clusterers.create(args.clusterer).fit(np.zeros((0, 1), np.float32))
    if not isinstance(tree, MergeTree):
        raise UsageError(f"--expect-photos needs a merge tree, and {args.clusterer} makes none.")


def expected_threshold(photos_per_model: float, fitted: Fitted, blind: Blind | None) -> tuple[float, str]:
    """Returns (threshold, what it was chosen on) for models of so many photos; for a MergeTree only."""
    if blind is None:
        value = threshold_for_size(fitted.tree, photos_per_model)
    else:
        value = blind.at_photos_per_model(photos_per_model)
    return value, f"a guess for models of {photos_per_model:g} photo{'' if photos_per_model == 1 else 's'}"


def _photos(text: str) -> float:
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not 1 <= value < math.inf:
        raise argparse.ArgumentTypeError(f"{text!r} is no number of photos per model from 1, such as 20.")
    return value


def parse_threshold(text: str) -> float | str:
    """Returns a number, a percentage, `best` or BUILT_IN; a percentage stays text until the control is known."""
    if text == BEST:
        return text
    if text == _BUILT_IN:
        return BUILT_IN
    try:
        value = float(text.removesuffix("%"))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise argparse.ArgumentTypeError(
            f"{text!r} is no threshold; give a number such as 0.62 or 62%, best or built-in."
        )
    return text if text.endswith("%") else value


def check_threshold(
    threshold: Threshold, clusterer: str, settings: dict[str, Value], strict: bool = False
) -> float | str | None:
    """Returns the threshold as a value of the clusterer's control, `best`, BUILT_IN, or None if none was given.

    Raises UsageError if that clusterer can never be cut there, or cannot be cut strictly.
    """
    # A tree of no photos already says by what kind of number this clusterer is cut.
    tree = clusterers.create(clusterer, **settings).fit(np.zeros((0, 1), np.float32))
    control = tree.control
    check_strict(strict, control, clusterer)
    if threshold is None:
        return None
    if threshold == BEST:
        if not isinstance(tree, MergeTree):
            raise UsageError(f"--threshold best needs a merge tree, and {clusterer} makes none; give a number.")
        return BEST
    return BUILT_IN if threshold == BUILT_IN else _number(threshold, control, clusterer)


def check_labels(threshold: Threshold, catalog: Catalog) -> None:
    """Raises ShopsimError if the best threshold is wanted and there are no true labels."""
    if threshold == BEST and catalog.labels_true is None:
        raise ShopsimError(
            f"'{catalog.name}' has no true labels, so no threshold is known to be best; give a number such as 0.62, "
            "or leave --threshold out for a guess."
        )


def resolve_threshold(threshold: Threshold, fitted: Fitted, blind: Blind | None = None) -> tuple[float, str]:
    """Returns (value of the control, what it was chosen on). Raises ShopsimError if there is no cut there."""
    if blind is not None and threshold in (None, BUILT_IN):
        return blind.threshold, BUILT_IN
    if threshold is None:
        return fitted.opening
    if threshold == BEST:
        curve = fitted.curve
        if not isinstance(curve, Curve):
            raise ShopsimError(f"'{fitted.catalog.name}' has no labelled photo left, so no threshold is best.")
        return curve.best_threshold, TUNED_HERE
    return fitted.check(float(threshold)), NOT_KNOWN


def _number(threshold: float | str, control: Control, clusterer: str) -> float:
    value = float(threshold.removesuffix("%")) / 100 if isinstance(threshold, str) else threshold
    if control.kind == "similarity":
        if not -1.0 <= value <= 1.0:
            raise UsageError(f"--threshold is {threshold}; a similarity lies between -1 and 1, as 0.62 or 62%.")
    elif isinstance(threshold, str):
        raise UsageError(f"--threshold is {threshold}; {clusterer} takes {_UNITS[control.kind]}, not a percentage.")
    elif control.kind == "count" and (value != round(value) or value < 1):
        raise UsageError(f"--threshold is {threshold:g}; {clusterer} takes a whole number of groups from 1.")
    return value
