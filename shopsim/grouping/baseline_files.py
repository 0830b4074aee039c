"""Writes the files that the public baseline and the Embedding Projector read, so that their users can switch."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np

from shopsim.base.disk.files import replacing, write_bytes
from shopsim.base.disk.written_together import written_together
from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import tidy_path
from shopsim.base.text.csv_text import encode, guard, one_line
from shopsim.catalog.labels.label_lines import labels_of_lines
from shopsim.catalog.labels.label_pairs import number_labels
from shopsim.catalog.labels.label_values import as_labels

_TRUE_FILES = ("labels_true.npy", "labels_true.txt", "labels_true.tsv")


def write_baseline_files(
    folder: str | Path,
    paths: Sequence[str | Path],
    image_ids: Sequence[str],
    features: np.ndarray,
    models: Sequence[str | None],
    products: Sequence[str | None],
    labels_pred: np.ndarray,
    raw: bool = False,
    more: Mapping[str, bytes] | None = None,
) -> list[Path]:
    """Write one entry per photo, in the given order, into each file, and return the files written.

    more: other files to write with these, by name.

    - img_paths.txt: one path per line.
    - features.npy: (n, d) float32 as given, the network's own rows and not unit rows; features.tsv: the same
      numbers, separated by tabs, with 9 digits, which give float32 back exactly. No header, as the projector wants.
    - labels_pred.npy: (n,) int64; .txt and .tsv: the same numbers, one per line.
    - labels_true.npy: (n,) int64 numbers of the models by first appearance, -1 for none; .txt and .tsv: the models
      as text, one per line, empty for none. Not written if no photo has a model.
    - metadata.tsv: image_id, model, product and group with a header, for the projector.

    A spreadsheet may open a .tsv, so names in it are guarded as in the CSV files, unless raw is set. Other programs
    read a .txt line by line, so names in it are not guarded.

    Tabs and line ends in names become spaces. A path that does not fit into one line of img_paths.txt is refused, and
    so are two models that would get the same name. If anything fails, no file is written.
    Raises ShopsimError if the system refuses, or if the folder holds true labels of an earlier export that would
    stay behind. Raises ValueError if the lengths differ.
    """
    folder = Path(folder)
    lengths = {len(paths), len(image_ids), len(features), len(models), len(products), len(labels_pred)}
    if len(lengths) > 1:
        raise ValueError(f"Every argument needs one entry per photo; found lengths {sorted(lengths)}.")
    _refuse_unwritable_paths(paths)
    _refuse_merged_models(models)
    has_models = any(model is not None for model in models)
    if not has_models:
        _refuse_foreign_labels(folder)
    groups = np.asarray(labels_pred, dtype=np.int64)
    tables = {"metadata.tsv": metadata_tsv(image_ids, models, products, groups, raw)} | dict(more or {})
    with written_together(folder) as new:
        written = _write_all(new, {"img_paths.txt": encode("".join(f"{path}\n" for path in paths))})
        _write_array(new / "features.npy", np.asarray(features, dtype=np.float32))
        _write_feature_rows(new / "features.tsv", features)
        written += ["features.npy", "features.tsv"]
        written += _write_labels(new, "labels_pred", groups, [str(group) for group in groups], raw=True)
        if has_models:
            names = [model or "" for model in models]
            written += _write_labels(new, "labels_true", number_labels(models), names, raw)
        written += _write_all(new, tables)
    return [folder / name for name in written]


def _write_all(folder: Path, files: Mapping[str, bytes]) -> list[str]:
    """Writes each file and returns the names."""
    for name, data in files.items():
        write_bytes(folder / name, data)
    return list(files)


def _refuse_foreign_labels(folder: Path) -> None:
    """Raises ShopsimError if the folder holds true labels, which would be taken for labels of these photos."""
    for name in _TRUE_FILES:
        if (folder / name).exists():
            raise ShopsimError(
                f"'{folder}' holds {name} of an earlier export, but these photos have no models; choose another folder."
            )


def _refuse_unwritable_paths(paths: Iterable[str | Path]) -> None:
    """Raises ShopsimError for a path that a program would read as another path out of img_paths.txt."""
    for path in paths:
        if re.search(r"[\r\n]", str(path)) or tidy_path(str(path)) != Path(path).as_posix():
            raise ShopsimError(
                f"{str(path)!r} cannot be a line of img_paths.txt; rename it to a path without line ends, backslashes, "
                "or blanks at its end."
            )


def _refuse_merged_models(models: Iterable[str | None]) -> None:
    """Raises ShopsimError if two models would be read as one out of labels_true.txt, or a model as no model."""
    models = list(models)
    lines: dict[str, str | None] = {"": None}
    for model, line in zip(models, _as_read([one_line(model or "") for model in models]), strict=True):
        if lines.setdefault(line, model) != (model or None):
            other = "no model" if lines[line] is None else f"{lines[line]!r}"
            raise ShopsimError(f"The models {model!r} and {other} are the same line of labels_true.txt; rename one.")


def _as_read(lines: list[str]) -> list[str]:
    """Returns the lines as `read_labels` reads them: 'NAN' among numbers is no label, 1.0 is 1, quotes are removed."""
    try:
        labels, photos = labels_of_lines(lines, "labels_true.txt")
        read = as_labels(labels, "labels_true.txt")
    except ShopsimError:
        return lines  # Whoever reads them is told.
    if photos is not None:
        raise ShopsimError(f"The model {lines[0]!r} would be read as a photo and its label; rename one of the models.")
    return read


def _write_labels(folder: Path, stem: str, numbers: np.ndarray, texts: Sequence[str], raw: bool) -> list[str]:
    """Writes one list of labels as .npy, .txt and .tsv and returns their names."""
    _write_array(folder / f"{stem}.npy", numbers)
    write_bytes(folder / f"{stem}.txt", _lines(texts))
    write_bytes(folder / f"{stem}.tsv", _lines(texts if raw else [guard(one_line(text)) for text in texts]))
    return [f"{stem}{suffix}" for suffix in (".npy", ".txt", ".tsv")]


def _write_array(path: Path, array: np.ndarray) -> None:
    with replacing(path) as file:
        np.save(file, array, allow_pickle=False)


def _write_feature_rows(path: Path, features: np.ndarray) -> None:
    """Writes row by row, since the text of a large matrix takes several times the memory of its numbers."""
    with replacing(path) as file:
        for row in features:
            file.write(("\t".join(["%.9g"] * len(row)) % tuple(row.tolist()) + "\n").encode())


def metadata_tsv(
    image_ids: Sequence[str],
    models: Sequence[str | None],
    products: Sequence[str | None],
    groups: np.ndarray,
    raw: bool,
) -> bytes:
    """Returns the table for the projector, which offers its columns in menus and colours points by them.

    raw: leave names that a spreadsheet would run unguarded. Tabs and line ends become spaces.
    """
    protect = str if raw else guard
    rows = zip(image_ids, models, products, groups, strict=True)
    cells = ([image_id, model or "", product or "", str(group)] for image_id, model, product, group in rows)
    lines = ("\t".join(protect(one_line(cell)) for cell in row) + "\n" for row in cells)
    return encode("image_id\tmodel\tproduct\tgroup\n" + "".join(lines))


def _lines(texts: Iterable[str]) -> bytes:
    return encode("".join(f"{one_line(text)}\n" for text in texts))
