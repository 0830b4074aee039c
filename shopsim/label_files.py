"""Labels that people, the baseline and other tools keep in files: one per line, in a CSV by photo, or in a `.npy`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import numpy as np

from shopsim import ShopsimError
from shopsim.csv_text import decode, read_bytes, unguard
from shopsim.delimited import parse_table, starts_as_table
from shopsim.formats import IMAGE_SUFFIXES
from shopsim.label_arrays import MAGIC, labels_in_array
from shopsim.label_values import NOISE_TEXT, as_integer, as_labels
from shopsim.labels import UNLABELLED, noise_as_singletons
from shopsim.moving import settle
from shopsim.paths import as_on_disk, is_file
from shopsim.same_name import NameIndex, plain_path

Column = Literal["model", "group"]

LABEL_NAMES = tuple(f"{stem}.{end}" for stem in ("labels_true", "labels") for end in ("txt", "tsv", "csv", "npy"))
"""Files beside the photos that tell their true models, in order of preference: text has the names themselves."""

# Room for a million photos with long paths.
_MOST_BYTES = 1 << 28
# Column names in order of preference.
_ID_COLUMNS = ("image_id", "path")
_LABEL_COLUMNS = {"model": ("model", "label", "group"), "group": ("group", "label", "model")}


@dataclass(frozen=True)
class LabelFile:
    """Labels as they stand in a file.

    labels: text, one per photo ('01' is not '1'), integers written as floats as integers; '' where the file has none.
    image_ids: the photo of each label, or None if the file has only lines, in the order of the sorted paths.
    """

    labels: tuple[str, ...]
    image_ids: tuple[str, ...] | None = None


_SUFFIXES = "|".join(re.escape(suffix) for suffix in sorted(IMAGE_SUFFIXES))
# A list without a header, as ImageNet has them: a path, blanks or a delimiter, and a label.
_PHOTO_AND_LABEL = re.compile(
    rf'(?P<photo>"[^"]+(?:{_SUFFIXES})"|.*?(?:{_SUFFIXES}))'
    r"(?:[ \t]+|[ \t]*[,;|][ \t]*)(?P<label>.+)",
    re.IGNORECASE,
)
_QUOTED = re.compile(r'=?"(?P<inner>[^"]*)"')


def read_labels(path: str | Path, column: Column = "model") -> LabelFile:
    """The labels of a file: one per line (the baseline's txt and tsv), a CSV by photo, or a NumPy `.npy`.

    A CSV has `image_id` or `path` and a label, between commas, semicolons, tabs or bars. A file is one if it is
    called so or its first line names such a column. The label is taken from the column `model`, `label` or `group`,
    the first that is there; with column="group", from `group`, `label` or `model`.
    Text is in UTF-8 (with mark or without), UTF-16 or CP949, with any line ends; the end of the last line adds no
    label. How labels are read is told at `as_labels`, and at `labels_in_array` for a `.npy`.

    Raises ShopsimError if the file cannot be read, lacks a column, names a photo twice, or holds no labels.
    """
    path = as_on_disk(Path(path))
    settle(path.parent)
    _check_size(path)
    data = read_bytes(path)
    if data.startswith(MAGIC) or path.suffix.lower() == ".npy":
        labels, image_ids = labels_in_array(data, path.name, column)
    else:
        labels, image_ids = _from_text(decode(data, path.name), path, column)
    if image_ids is not None:
        _check_once(image_ids, path.name)
    return LabelFile(tuple(as_labels(labels, f"'{path.name}'")), None if image_ids is None else tuple(image_ids))


def read_label_pair(true_path: str | Path, pred_path: str | Path) -> tuple[np.ndarray, np.ndarray]:
    """The true models and the predicted groups of the same photos, from any tool's files.

    Two files that name photos are joined by photo, in the order of the first; two others go line by line.
    Returns (n,) int64 labels_true, -1 where there is no label, and (n,) int64 labels_pred, each numbered by first
    appearance. A predicted -1 is noise, as in scikit-learn's DBSCAN: a group of one photo. A true '-1' is a model
    of that name.

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
        true = list(true_file.labels)
        pred = _by_photo(true_file.image_ids, pred_file.image_ids, pred_file.labels, true_name, pred_name)
    if "" in pred:
        place = f"line {pred.index('') + 1}" if true_file.image_ids is None else true_file.image_ids[pred.index("")]
        raise ShopsimError(f"'{pred_name}' has no label for {place}; every photo needs a predicted one.")
    labels_true = number_labels([label or None for label in true])
    if true and (labels_true < 0).all():
        raise ShopsimError(f"'{true_name}' has no label for any of its {len(true)} photos; nothing can be scored.")
    groups = [None if as_integer(label, f"'{pred_name}'") == NOISE_TEXT else label for label in pred]
    return labels_true, noise_as_singletons(number_labels(groups))


def number_labels(labels: Sequence[str | None]) -> np.ndarray:
    """(n,) int64 numbers of text labels, 0.. by first appearance, -1 for None."""
    numbers: dict[str | None, int] = {None: UNLABELLED}
    for label in labels:
        numbers.setdefault(label, len(numbers) - 1)
    return np.array([numbers[label] for label in labels], dtype=np.int64)


def _check_size(path: Path) -> None:
    """Raises ShopsimError for a file that would fill memory: one called as labels may be anything."""
    size = path.stat().st_size if is_file(path) else 0
    if size > _MOST_BYTES:
        raise ShopsimError(f"'{path.name}' has {size:,} bytes; labels are read from files of up to {_MOST_BYTES:,}.")


def _from_text(text: str, path: Path, column: Column) -> tuple[list[str], list[str] | None]:
    """Labels, and whose they are if it is a table."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # NumPy's savetxt writes lines, whatever the file is called.
    is_number = "," not in lines[0] and as_integer(lines[0].strip(), f"'{path.name}'") is not None
    if (path.suffix.lower() == ".csv" and not is_number) or starts_as_table(text, _ID_COLUMNS):
        header, rows = parse_table(text, path.name)
        id_column = _first_of(_ID_COLUMNS, header, path.name)
        label_column = _first_of(_LABEL_COLUMNS[column], header, path.name)
        return [unguard(row[label_column]) for row in rows], [unguard(row[id_column]) for row in rows]
    if not lines[-1]:
        lines.pop()
    # `export` guards what a spreadsheet opens.
    lines = [unguard(line) for line in lines] if path.suffix.lower() == ".tsv" else lines
    named = [_PHOTO_AND_LABEL.fullmatch(line.strip()) for line in lines if line.strip()]
    if named and all(named):
        return [_unquoted(match["label"]) for match in named], [_unquoted(match["photo"]) for match in named]
    return [_unquoted(line) for line in lines], None


def _unquoted(text: str) -> str:
    """Without the quotation marks, or the `="…"`, that R and spreadsheets put around a cell."""
    match = _QUOTED.fullmatch(text.strip())
    return match["inner"] if match else text


def _check_once(image_ids: Sequence[str], name: str) -> None:
    seen: set[str] = set()
    for image_id in image_ids:
        if image_id in seen:
            raise ShopsimError(f"'{name}' has '{image_id}' more than once; each photo needs one row.")
        seen.add(image_id)


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


def _by_photo(
    true_ids: tuple[str, ...], pred_ids: tuple[str, ...], pred: tuple[str, ...], true_name: str, pred_name: str
) -> list[str]:
    """The predicted labels in the order of the true ones. Raises ShopsimError if the photos differ."""
    # The same spellings in both need no other: two of them may differ in what other programs leave away.
    if set(true_ids) != set(pred_ids):
        _check_once([plain_path(image_id) for image_id in true_ids], true_name)
        _check_once([plain_path(image_id) for image_id in pred_ids], pred_name)
    index = NameIndex(true_ids)
    found = {index.find(image_id): label for image_id, label in zip(pred_ids, pred, strict=True)}
    _check_none_alone([i for i in true_ids if i not in found], len(true_ids), true_name, pred_name)
    _check_none_alone([i for i in pred_ids if index.find(i) is None], len(pred_ids), pred_name, true_name)
    return [found[image_id] for image_id in true_ids]


def _check_none_alone(alone: list[str], n: int, name: str, other_name: str) -> None:
    if alone:
        raise ShopsimError(
            f"{len(alone)} of the {n} photos of '{name}' are not in '{other_name}', '{alone[0]}' for one; "
            "both files must have the same photos."
        )
