"""`evaluate TRUE_LABELS PRED_LABELS` scores the labels of any tool."""

from __future__ import annotations

import argparse
from pathlib import Path

from shopsim.base.text.text_reading import reading_text
from shopsim.catalog.labels.label_pairs import read_label_pair
from shopsim.cli.costs import add_costs_argument, cost_fields, cost_lines, prices_of
from shopsim.cli.opening import add_encoding_argument
from shopsim.cli.result import Result, cross_product_fields, cross_product_lines, score_fields, score_lines
from shopsim.scoring.cross_product import cross_product_pairs
from shopsim.scoring.evaluation import NOT_KNOWN

SUMMARY = "Score predicted labels against true ones: two files of lines or .npy, or two CSVs joined by image_id."


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    form = "one label per line, a .npy of them, or a CSV with image_id or path and"
    told = f"{form} model, and product if known; -1 is no label in a .npy only"
    parser.add_argument(
        "true_labels",
        metavar="TRUE_LABELS",
        type=Path,
        help=told,
    )
    parser.add_argument("pred_labels", metavar="PRED_LABELS", type=Path, help=f"{form} group; -1 is a group of one")
    add_encoding_argument(parser)
    add_costs_argument(parser)


def run(args: argparse.Namespace) -> Result:
    """Reads both files, joins and scores them."""
    prices = prices_of(args)
    with reading_text(args.encoding) as reading:
        labels_true, labels_pred, products = read_label_pair(args.true_labels, args.pred_labels)
    across = None if products is None else cross_product_pairs(products, labels_true, labels_pred)
    scores = score_fields(labels_true, labels_pred)
    fields = {**scores, **cross_product_fields(across), "tuned_on": NOT_KNOWN, "notes": reading.told}
    fields |= cost_fields(prices, scores)
    lines = [*score_lines(fields), *cross_product_lines(fields), *cost_lines(fields)]
    return Result(fields, [*lines, *(f"{told}." for told in reading.told)])
