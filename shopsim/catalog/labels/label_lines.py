"""Reads labels from lines of text: one label per line, or a photo and its label; refuses other lines."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence

from shopsim.base.errors import ShopsimError
from shopsim.base.text.columns import GROUP, MODEL, PHOTO, plain_name
from shopsim.catalog.photos.formats import IMAGE_SUFFIXES

_SUFFIXES = "|".join(re.escape(suffix) for suffix in sorted(IMAGE_SUFFIXES))
# A list without a header, as ImageNet has them: a path, blanks or a delimiter, and a label.
_PHOTO_AND_LABEL = re.compile(
    rf'(?P<photo>"[^"]+(?:{_SUFFIXES})"|.*?(?:{_SUFFIXES}))'
    r"(?:[ \t]+|[ \t]*[,;|][ \t]*)(?P<label>.+)",
    re.IGNORECASE,
)
_PHOTO = re.compile(rf'.*(?:{_SUFFIXES})"?', re.IGNORECASE)
# As pandas writes a column with its index.
_COUNTED = re.compile(r"(?P<number>[0-9]{1,9})(?:[ \t]*[,;][ \t]*|[ \t]+)\S.*")
# As NumPy and people write several numbers on one line.
_NUMBERS = re.compile(r"\[?\s*-?[0-9.]+(?:[\s,;]+-?[0-9.]+)+\s*\]?")
_QUOTED = re.compile(r'=?"(?P<inner>[^"]*)"')


def labels_of_lines(lines: Sequence[str], name: str) -> tuple[list[str], list[str] | None]:
    """Returns the labels, and the photos they belong to if each line names its photo. name: of the file, for errors.

    Raises ShopsimError for lines that are no labels: each would be a model of its own.
    """
    filled = [line.strip() for line in lines if line.strip()]
    named = [_PHOTO_AND_LABEL.fullmatch(line) for line in filled]
    if named and all(named):
        return [_unquoted(match["label"]) for match in named if match], [
            _unquoted(match["photo"]) for match in named if match
        ]
    _check_labels_only(filled, name)
    # A table of one column may have a delimiter behind each cell.
    is_ended = all(line.endswith((",", ";")) for line in filled)
    return [_unquoted(line.rstrip(" \t,;") if is_ended else line) for line in lines], None


def is_header(labels: Sequence[str]) -> bool:
    """Whether the first label may be the name of the column, or a comment as `savetxt` writes it."""
    if len(labels) < 2 or labels[0] in labels[1:]:
        return False
    is_comment = labels[0].startswith("#") and not any(label.startswith("#") for label in labels[1:])
    return is_comment or plain_name(labels[0]) in MODEL.names | GROUP.names


def _check_labels_only(filled: Sequence[str], name: str) -> None:
    if not filled:
        return
    counted = [_COUNTED.fullmatch(line) for line in filled]
    numbers = [int(match["number"]) for match in counted if match]
    if all(_PHOTO.fullmatch(line) for line in filled):
        what, instead = "has paths of photos where labels belong", "write a path, a comma and a label on each line"
    elif len(numbers) == len(filled) > 1 and numbers in (list(range(len(filled))), list(range(1, len(filled) + 1))):
        what, instead = "counts its lines before the labels", "remove the numbers"
    elif len(filled) == 1 and _NUMBERS.fullmatch(filled[0]):
        what, instead = "has several labels on its one line", "write one label on each line"
    elif _is_json(filled):
        what, instead = "is JSON", "write one label on each line"
    elif _has_columns(filled[0]):
        what, instead = "has blanks between its columns", "put commas or tabs there"
    else:
        return
    raise ShopsimError(
        f"'{name}' {what}, '{filled[0][:60]}' for one; {instead}, or name the photos in a CSV with the columns path "
        "and model."
    )


def _is_json(filled: Sequence[str]) -> bool:
    """Whether the lines together are a list or a dictionary of several things."""
    if filled[0][0] not in "[{" or filled[-1][-1] not in "]}":
        return False
    try:
        return len(json.loads("\n".join(filled))) > 1
    except (ValueError, RecursionError):
        return False


def _has_columns(header: str) -> bool:
    words = {plain_name(word) for word in re.findall(r'"([^"]*)"|(\S+)', header) for word in word if word}
    return not (words.isdisjoint(PHOTO.names) or words.isdisjoint(MODEL.names | GROUP.names))


def _unquoted(text: str) -> str:
    """Without the quotation marks, or the `="…"`, that R and spreadsheets put around a cell."""
    match = _QUOTED.fullmatch(text.strip())
    return match["inner"] if match else text
