"""Reads the true models and the predicted groups of the same photos from two files of any tool."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.base.labels import UNLABELLED, noise_as_singletons
from shopsim.base.same_name import NameIndex, plain_path
from shopsim.base.text.text_reading import tell
from shopsim.catalog.labels.label_files import LabelFile, check_once, read_labels
from shopsim.catalog.labels.predicted_labels import without_noise


class LabelPair(NamedTuple):
    """Labels of the same photos: (n,) int64 labels_true, -1 where there is none, and (n,) int64 labels_pred.

    products: the product of each photo, None where it is not known; None if the file of the true ones tells no product.
    """

    labels_true: np.ndarray
    labels_pred: np.ndarray
    products: tuple[str | None, ...] | None


def read_label_pair(true_path: str | Path, pred_path: str | Path) -> LabelPair:
    """Reads the true models and the predicted groups of the same photos from any tool's files.

    Two files that name photos are joined by photo, in the order of the true ones; two others go line by line. A
    photo without a true model is not scored, nor is one without a group; `text_reading.tell` says how many there are.
    Both are numbered by first appearance. A predicted -1 is noise, as in scikit-learn's DBSCAN: a group of one photo. A
    true '-1' is a model of that name.

    Raises ShopsimError if the two are of different form or length, or have no photo in common, if a predicted label
    is empty or may mean noise, or if no photo has a true label.
    """
    true_file, pred_file = read_labels(true_path, "model"), read_labels(pred_path, "group")
    true_name, pred_name = Path(true_path).name, Path(pred_path).name
    if (true_file.image_ids is None) != (pred_file.image_ids is None):
        table, lines = (pred_name, true_name) if true_file.image_ids is None else (true_name, pred_name)
        raise ShopsimError(f"'{table}' names photos and '{lines}' has only lines; use two CSVs or two files of lines.")
    if true_file.image_ids is None or pred_file.image_ids is None:
        true_lines = true_file.lines(len(pred_file.labels), true_name)
        true, pred = _by_line(true_lines, pred_file.lines(len(true_lines), pred_name), true_name, pred_name)
        products = None
        places: Sequence[str] = [f"line {number}" for number in range(1, len(pred) + 1)]
    else:
        places, true, pred, products = _by_photo(true_file, pred_file, true_name, pred_name)
    if "" in pred:
        raise ShopsimError(
            f"'{pred_name}' has no label for {places[pred.index('')]}; every photo needs a predicted one, -1 if it "
            "belongs to no group."
        )
    labels_true = number_labels([label or None for label in true])
    for labels, name in ((true, true_name), (pred, pred_name)):
        if len(labels) > 2 and len(set(labels)) == len(labels):
            tell(f"each of the {len(labels):,} photos has another label in '{name}', '{labels[0]}' for one")
    if true and (labels_true < 0).all():
        raise ShopsimError(f"'{true_name}' has no label for any of its {len(true)} photos; nothing can be scored.")
    return LabelPair(labels_true, noise_as_singletons(number_labels(without_noise(pred, pred_name))), products)


def number_labels(labels: Sequence[str | None]) -> np.ndarray:
    """(n,) int64 numbers of text labels, 0.. by first appearance, -1 for None."""
    numbers: dict[str | None, int] = {None: UNLABELLED}
    for label in labels:
        numbers.setdefault(label, len(numbers) - 1)
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def _by_line(
    true: tuple[str, ...], pred: tuple[str, ...], true_name: str, pred_name: str
) -> tuple[list[str], list[str]]:
    """Returns two lists of the same length; blank lines at the end count only as far as the other file reaches."""
    n_true, n_pred = _without_blank_end(true), _without_blank_end(pred)
    n_images = max(n_true, n_pred)
    if n_pred != n_images or len(true) < n_images:
        raise ShopsimError(
            f"'{true_name}' has {len(true)} labels and '{pred_name}' has {n_pred}; they must have one label per photo."
        )
    return list(true[:n_images]), list(pred[:n_images])


def _without_blank_end(labels: tuple[str, ...]) -> int:
    """Counts the labels up to the last one that is not empty."""
    return max((place + 1 for place, label in enumerate(labels) if label), default=0)


def _by_photo(
    true_file: LabelFile, pred_file: LabelFile, true_name: str, pred_name: str
) -> tuple[list[str], list[str], list[str], tuple[str | None, ...] | None]:
    """Returns the photos that have a group, their true labels ('' for none), their groups and their products."""
    true_ids, pred_ids = true_file.image_ids or (), pred_file.image_ids or ()
    # The same spellings in both need no other: two of them may differ in what other programs leave away.
    if set(true_ids) != set(pred_ids):
        check_once([plain_path(image_id) for image_id in true_ids], true_name)
        check_once([plain_path(image_id) for image_id in pred_ids], pred_name)
    index = NameIndex(pred_ids)
    group_of = dict(zip(pred_ids, pred_file.labels, strict=True))
    written = [(true_id, index.find(true_id), label) for true_id, label in zip(true_ids, true_file.labels, strict=True)]
    label_of = {image_id: label for _, image_id, label in written if image_id is not None}
    if true_ids and pred_ids and not label_of:
        raise ShopsimError(
            f"'{true_name}' names none of the {len(pred_ids)} photos of '{pred_name}'; its paths look like "
            f"'{true_ids[0]}', the others like '{pred_ids[0]}'."
        )
    unlabelled = [image_id for image_id in pred_ids if image_id not in label_of]
    _tell_of(unlabelled, pred_ids, pred_name, true_name)
    _tell_of([true_id for true_id, image_id, _ in written if image_id is None], true_ids, true_name, pred_name)
    image_ids = [*label_of, *unlabelled]
    products = None
    if true_file.products is not None:
        of_photo = {image_id: product for (_, image_id, _), product in zip(written, true_file.products, strict=True)}
        products = tuple(of_photo.get(each) or None for each in image_ids)
    return image_ids, [label_of.get(each, "") for each in image_ids], [group_of[each] for each in image_ids], products


def _tell_of(alone: Sequence[str], all_of_them: Sequence[str], name: str, other_name: str) -> None:
    if alone:
        tell(
            f"{len(alone):,} of the {len(all_of_them):,} photos of '{name}' are not in '{other_name}' and are not "
            f"scored, '{alone[0]}' for one"
        )
