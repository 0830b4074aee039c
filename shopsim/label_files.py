"""Labels that people, the baseline and other tools keep in files: one a line, or in a CSV by photo."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from shopsim import ShopsimError
from shopsim.csv_text import decode, parse_table, read_bytes, unguard
from shopsim.labels import UNLABELLED, noise_as_singletons

# Column names in order of preference.
_ID_COLUMNS = ("image_id", "path")
_LABEL_COLUMNS = {"model": ("model", "label", "group"), "group": ("group", "label", "model")}
# What the baseline's integer files and scikit-learn write for "none".
_NONE = "-1"


@dataclass(frozen=True)
class LabelFile:
    """Labels as they stand in a file.

    labels: text, one a photo ('01' is not '1'); '' where the file has none, which for models it may write as -1.
    image_ids: the photo of each label, or None if the file has only lines, in the order of the sorted paths.
    """

    labels: tuple[str, ...]
    image_ids: tuple[str, ...] | None = None


def read_labels(path: str | Path, column: Literal["model", "group"] = "model") -> LabelFile:
    """The labels of a file: one a line (the baseline's txt and tsv), or a CSV with `image_id` or `path` and a label.

    A file is a CSV if it is called so or its first line names such a column. The label is taken from the column
    `model`, `label` or `group`, the first that is there; with column="group", from `group`, `label` or `model`.
    UTF-8 (with mark or without), UTF-16 or CP949, any line ends; the end of the last line adds no label.

    Raises ShopsimError if the file cannot be read, lacks a column, or names a photo twice.
    """
    path = Path(path)
    text = decode(read_bytes(path), path.name)
    first_line = text.split("\n", 1)[0].replace("\t", ",").replace('"', "")
    names = {cell.strip() for cell in first_line.split(",")}
    if path.suffix.lower() == ".csv" or ("," in first_line and not names.isdisjoint(_ID_COLUMNS)):
        return _from_table(text, path.name, column)
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    if not lines[-1]:
        lines.pop()
    # `export` guards what a spreadsheet opens.
    is_guarded = path.suffix.lower() == ".tsv"
    return LabelFile(_cleaned([unguard(line) for line in lines] if is_guarded else lines, column))


def read_label_pair(true_path: str | Path, pred_path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """The true models and the predicted groups of the same photos, from any tool's files.

    Two CSVs are joined by photo, in the order of the first; two files of lines go line by line.
    Returns (n,) int64 labels_true, -1 where there is no label (empty or -1 in the file), and (n,) int64
    labels_pred, each numbered by first appearance. A predicted -1 is noise, as in scikit-learn's DBSCAN: a group
    of one photo.

    Raises ShopsimError if the two are of different form or length, or have different photos, if a predicted label
    is empty, or if no photo has a true label.
    """
    true_file, pred_file = read_labels(true_path, "model"), read_labels(pred_path, "group")
    true_name, pred_name = Path(true_path).name, Path(pred_path).name
    if (true_file.image_ids is None) != (pred_file.image_ids is None):
        table, lines = (pred_name, true_name) if true_file.image_ids is None else (true_name, pred_name)
        raise ShopsimError(f"'{table}' names photos and '{lines}' has only lines; use two CSVs or two files of lines.")
    if true_file.image_ids is None or pred_file.image_ids is None:
        true, pred = _by_line(true_file.labels, pred_file.labels, true_name, pred_name)
    else:
        _check_same_photos(true_file.image_ids, pred_file.image_ids, true_name, pred_name)
        by_photo = dict(zip(pred_file.image_ids, pred_file.labels, strict=True))
        true, pred = list(true_file.labels), [by_photo[image_id] for image_id in true_file.image_ids]
    if "" in pred:
        place = f"line {pred.index('') + 1}" if true_file.image_ids is None else true_file.image_ids[pred.index("")]
        raise ShopsimError(f"'{pred_name}' has no label for {place}; every photo needs a predicted one.")
    labels_true = number_labels([label or None for label in true])
    if true and (labels_true < 0).all():
        raise ShopsimError(f"'{true_name}' has no label for any of its {len(true)} photos; nothing can be scored.")
    return labels_true, noise_as_singletons(number_labels([None if label == _NONE else label for label in pred]))


def number_labels(labels: Sequence[str | None]) -> np.ndarray:
    """(n,) int64 numbers of text labels, 0.. by first appearance, -1 for None."""
    numbers: dict[str | None, int] = {None: UNLABELLED}
    for label in labels:
        numbers.setdefault(label, len(numbers) - 1)
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def _from_table(text: str, name: str, column: str) -> LabelFile:
    header, rows = parse_table(text, name)
    id_column = _first_of(_ID_COLUMNS, header, name)
    label_column = _first_of(_LABEL_COLUMNS[column], header, name)
    image_ids = tuple(unguard(row[id_column]) for row in rows)
    seen: set[str] = set()
    for image_id in image_ids:
        if image_id in seen:
            raise ShopsimError(f"'{name}' has '{image_id}' more than once; each photo needs one row.")
        seen.add(image_id)
    return LabelFile(_cleaned([unguard(row[label_column]) for row in rows], column), image_ids)


def _cleaned(labels: list[str], column: str) -> tuple[str, ...]:
    """Without spaces around them; a model of -1 is none, a group of -1 is for the caller to judge."""
    stripped = (label.strip() for label in labels)
    return tuple("" if column == "model" and label == _NONE else label for label in stripped)


def _first_of(wanted: tuple[str, ...], header: list[str], name: str) -> int:
    for column in wanted:
        if column in header:
            return header.index(column)
    raise ShopsimError(f"'{name}' has the columns {', '.join(header)}; it needs one called {' or '.join(wanted)}.")


def _by_line(
    true: tuple[str, ...], pred: tuple[str, ...], true_name: str, pred_name: str
) -> tuple[list[str], list[str]]:
    """Both as lists of one length; blank lines at the end of a file count only as far as the other one reaches."""
    n_true, n_pred = _without_blank_end(true), _without_blank_end(pred)
    n_images = max(n_true, n_pred)
    if n_pred != n_images or len(true) < n_images:
        raise ShopsimError(
            f"'{true_name}' has {len(true)} labels and '{pred_name}' has {n_pred}; they must have one a photo each."
        )
    return list(true[:n_images]), list(pred[:n_images])


def _without_blank_end(labels: tuple[str, ...]) -> int:
    """How many labels there are up to the last that is not empty."""
    return max((place + 1 for place, label in enumerate(labels) if label), default=0)


def _check_same_photos(true_ids: tuple[str, ...], pred_ids: tuple[str, ...], true_name: str, pred_name: str) -> None:
    for ids, others, name, other_name in (
        (true_ids, set(pred_ids), true_name, pred_name),
        (pred_ids, set(true_ids), pred_name, true_name),
    ):
        alone = [image_id for image_id in ids if image_id not in others]
        if alone:
            raise ShopsimError(
                f"{len(alone)} of the {len(ids)} photos of '{name}' are not in '{other_name}', '{alone[0]}' for one; "
                "both files must have the same photos."
            )
