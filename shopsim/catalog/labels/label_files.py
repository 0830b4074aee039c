"""Reads the label files of people, the baseline and other tools: one label per line, a CSV by photo, or a `.npy`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from shopsim.base.disk.moving import settle
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import as_on_disk, is_file
from shopsim.base.text.columns import GROUP, MODEL, PHOTO, PRODUCT
from shopsim.base.text.csv_text import decode, read_bytes, unguard
from shopsim.base.text.delimited import parse_table, starts_as_table
from shopsim.base.text.text_reading import tell
from shopsim.catalog.labels.label_arrays import MAGIC, labels_in_array
from shopsim.catalog.labels.label_lines import is_header, labels_of_lines
from shopsim.catalog.labels.label_values import as_integer, as_labels

Column = Literal["model", "group"]

LABEL_NAMES = tuple(f"{stem}.{end}" for stem in ("labels_true", "labels") for end in ("txt", "tsv", "csv", "npy"))
"""Files beside the photos that tell their true models, in order of preference: text has the names themselves."""

# Room for a million photos with long paths.
_MOST_BYTES = 1 << 28
_LABEL_COLUMNS = {"model": MODEL, "group": GROUP}


@dataclass(frozen=True)
class LabelFile:
    """Labels as they stand in a file.

    labels: text, one per photo ('01' is not '1'), integers written as floats as integers; '' where the file has none.
    image_ids: the photo of each label, or None if the file has only lines, in the order of the sorted paths.
    products: the product of each label's photo, '' for none, where a CSV has such a column.
    header: what stood before the first of only lines, which may be a label too, '' if nothing did.
    """

    labels: tuple[str, ...]
    image_ids: tuple[str, ...] | None = None
    header: str = ""
    products: tuple[str, ...] | None = None

    def lines(self, n_images: int, name: str) -> tuple[str, ...]:
        """Returns the labels of so many photos. The header counts as a label if one is missing. name: of the file."""
        if self.header and len(self.labels) + 1 == n_images:
            tell(f"the first line of '{name}', '{self.header}', was taken as the label of the first photo")
            return (self.header, *self.labels)
        if self.header:
            tell(f"the first line of '{name}', '{self.header}', was taken as its header")
        return self.labels


def read_labels(path: str | Path, column: Column = "model") -> LabelFile:
    """Reads the labels of a file: one per line (the baseline's txt and tsv), a CSV by photo, or a NumPy `.npy`.

    A CSV has `image_id` or `path` and a label, between commas, semicolons, tabs or bars. A file is one if it is
    called so or its first line names such a column. The label is taken from the column `model`, `label` or `group`,
    the first that is there; with column="group", from `group`, `label` or `model`. `columns` has their other names.
    Text is in UTF-8 (with mark or without), UTF-16 or CP949, with any line ends; the end of the last line adds no
    label. How labels are read is told at `as_labels`, and at `labels_in_array` for a `.npy`.

    Raises ShopsimError if the file cannot be read, lacks a column, names a photo twice, or holds no labels.
    """
    path = as_on_disk(Path(path))
    settle(path.parent)
    _check_size(path)
    data = read_bytes(path)
    if data.startswith(MAGIC) or path.suffix.lower() == ".npy":
        labels, image_ids, products = (*labels_in_array(data, path.name, column), None)
    else:
        labels, image_ids, products = _from_text(decode(data, path.name), path, column)
    if image_ids is not None:
        check_once(image_ids, path.name)
    # A header is no label that tells whether all are numbers.
    header = labels[0] if image_ids is None and is_header(labels) else ""
    found = tuple(as_labels(labels[1:] if header else labels, f"'{path.name}'"))
    return LabelFile(found, None if image_ids is None else tuple(image_ids), header, products)


def _check_size(path: Path) -> None:
    """Raises ShopsimError for a file that would fill memory: one called as labels may be anything."""
    size = path.stat().st_size if is_file(path) else 0
    if size > _MOST_BYTES:
        raise ShopsimError(f"'{path.name}' has {size:,} bytes; labels are read from files of up to {_MOST_BYTES:,}.")


def _from_text(text: str, path: Path, column: Column) -> tuple[list[str], list[str] | None, tuple[str, ...] | None]:
    """Returns the labels, and if the text is a table the photos they belong to, and their products if it tells them."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # NumPy's savetxt writes lines, whatever the file is called.
    is_number = "," not in lines[0] and as_integer(lines[0].strip(), f"'{path.name}'") is not None
    if (path.suffix.lower() == ".csv" and not is_number) or starts_as_table(text):
        header, rows = parse_table(text, path.name)
        id_column = PHOTO.needed(header, path.name)
        label_column = _LABEL_COLUMNS[column].needed(header, path.name)
        product = PRODUCT.place(header, path.name)
        products = None if product is None else tuple(unguard(row[product]).strip() for row in rows)
        return [unguard(row[label_column]) for row in rows], [unguard(row[id_column]) for row in rows], products
    if not lines[-1]:
        lines.pop()
    # `export` guards what a spreadsheet opens.
    lines = [unguard(line) for line in lines] if path.suffix.lower() == ".tsv" else lines
    return (*labels_of_lines(lines, path.name), None)


def check_once(image_ids: Sequence[str], name: str) -> None:
    """Raises ShopsimError for a photo that is named twice. name: of the file."""
    seen: set[str] = set()
    for image_id in image_ids:
        if image_id in seen:
            raise ShopsimError(f"'{name}' has '{image_id}' more than once; each photo needs one row.")
        seen.add(image_id)
