"""Finds predicted labels that mean that a photo belongs to no group."""

from __future__ import annotations

import re
from collections.abc import Sequence

from shopsim.base.errors import ShopsimError
from shopsim.catalog.labels.label_values import NOISE_TEXT, as_integer

# What programs and people put around a number: quotes, the ' that guards a cell, the end of a cell.
_AROUND = "\"'=,;\t "
_DASHES = re.compile("^[\u2010-\u2015\u2212\ufe58\ufe63\uff0d]")
_WORDS = """
noise outlier outliers na n/a <na> #n/a nan nat none null nil inf infinity - -- ? . #value! #ref! #div/0! #name? #num!
unassigned unclustered ungrouped unlabelled unlabeled unknown undefined missing
"""
_MAYBE_NOISE = frozenset(_WORDS.split())


def without_noise(labels: Sequence[str], name: str) -> list[str | None]:
    """Returns predicted labels, with None for -1, which is noise in scikit-learn, however it is written.

    name: of the file, for errors. Raises ShopsimError for a word such as 'noise' or 'NA': it may be a group or mean
    that there is none.
    """
    for label in labels:
        if _bare(label).casefold().lstrip("+-") in _MAYBE_NOISE or _bare(label) in _MAYBE_NOISE:
            count = sum(other == label for other in labels)
            photos = "1 photo" if count == 1 else f"{count:,} photos"
            raise ShopsimError(
                f"'{name}' has the label '{label}' for {photos}, which may be a group or mean that there is none; "
                f"write {NOISE_TEXT} for a photo that belongs to no group, or give the group another name."
            )
    return [None if _is_noise(label, name) else label for label in labels]


def _is_noise(label: str, name: str) -> bool:
    return as_integer(_bare(label), f"'{name}'") == NOISE_TEXT


def _bare(label: str) -> str:
    return _DASHES.sub("-", label.strip(_AROUND))
