"""Fits a file of true labels to the photos of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import is_file
from shopsim.base.same_name import NameIndex
from shopsim.catalog.catalog import Problem
from shopsim.catalog.labels.label_files import read_labels


def labels_for(
    labels: Path, image_ids: Sequence[str], index: NameIndex, spellings: Sequence[str] = ()
) -> tuple[list[str | None], list[Problem]]:
    """Returns one true model or None per photo, and the rows of the file that fit no photo.

    The file is read by path if it names photos, else line by line.

    image_ids: sorted; index finds them. A photo that a file of paths does not name stays unlabelled.
    spellings: of the same photos on disk, where the lines are in the order of the sorted paths.
    Raises ShopsimError if the lines are not one per photo or their order is in doubt, or if a file of paths names
    none of the photos or one of them twice.
    """
    if not is_file(labels):
        raise ShopsimError(f"There is no file of labels '{labels}'.")
    file = read_labels(labels)
    if file.image_ids is None:
        _check_order(image_ids, spellings, labels.name)
        return [
            label or None for label in _lines(file.lines(len(image_ids), labels.name), len(image_ids), labels.name)
        ], []
    by_id: dict[str, str] = {}
    strangers = []
    for written, label in zip(file.image_ids, file.labels, strict=True):
        image_id = index.find(written)
        if image_id is None:
            strangers.append(written)
        elif image_id in by_id:
            raise ShopsimError(f"'{labels.name}' has '{image_id}' more than once; each photo needs one row.")
        else:
            by_id[image_id] = label
    if image_ids and not by_id:
        raise ShopsimError(
            f"'{labels.name}' names none of the {len(image_ids)} photos; its paths look like "
            f"'{next(iter(file.image_ids), '')}', the catalogue's like '{image_ids[0]}'."
        )
    reason = f"{len(strangers)} of its {len(file.labels)} rows name no photo here, '{''.join(strangers[:1])}' for one"
    problems = [Problem(labels.name, reason)] if strangers else []
    return [by_id.get(image_id) or None for image_id in image_ids], problems


def _check_order(image_ids: Sequence[str], spellings: Sequence[str], name: str) -> None:
    """Raises ShopsimError if the paths are in another order on disk, where macOS writes letters in parts."""
    for image_id, spelling, in_order in zip(image_ids, spellings, sorted(spellings), strict=False):
        if spelling != in_order:
            raise ShopsimError(
                f"'{name}' has only lines, and the order of the photos around '{image_id}' depends on the Unicode "
                "form of their names; name the photos in a CSV with the columns path and model."
            )


def _lines(lines: Sequence[str], n_images: int, name: str) -> Sequence[str]:
    """Returns one line per photo; blank lines at the end do not count."""
    if len(lines) < n_images or any(lines[n_images:]):
        raise ShopsimError(
            f"'{name}' has {len(lines)} labels for {n_images} photos; "
            "it needs one per line in the order of the sorted paths."
        )
    return lines[:n_images]
