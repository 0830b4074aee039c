"""Fits a file of true labels to the photos of a catalogue."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from shopsim import ShopsimError
from shopsim.label_files import read_labels


def labels_for(labels: Path, image_ids: Sequence[str]) -> list[str | None]:
    """One true model, or None, for each photo: line by line, or by path where the file is a CSV.

    image_ids: sorted. A photo that a CSV does not name stays unlabelled.
    Raises ShopsimError if the lines are not one a photo, or a CSV names none of the photos.
    """
    file = read_labels(labels)
    if file.image_ids is None:
        if len(file.labels) != len(image_ids):
            raise ShopsimError(
                f"'{labels.name}' has {len(file.labels)} labels for {len(image_ids)} photos; "
                "it needs one a line in the order of the sorted paths."
            )
        return [label or None for label in file.labels]
    by_id = dict(zip(file.image_ids, file.labels, strict=True))
    if image_ids and not by_id.keys() & set(image_ids):
        raise ShopsimError(
            f"'{labels.name}' names none of the {len(image_ids)} photos; its paths look like "
            f"'{next(iter(by_id), '')}', the catalogue's like '{image_ids[0]}'."
        )
    return [by_id.get(image_id) or None for image_id in image_ids]
