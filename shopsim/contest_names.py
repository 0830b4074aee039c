"""Reads the contest's file names, model_product_image in digits, and tells them from dates that phones write."""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import PurePosixPath

CONTEST_STEM = re.compile(r"[0-9]+_[0-9]+_[0-9]+")
_YEAR, _MONTH, _DAY = "(?:19[9]|20[0-9])[0-9]", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
# As cameras and phones name bursts: 20230415_113010_001, and what people rename them to.
_DATED = re.compile(
    rf"{_YEAR}{_MONTH}{_DAY}_[0-9]+_[0-9]+"
    rf"|{_DAY}{_MONTH}{_YEAR}_{_TIME}_[0-9]+"
    rf"|[0-9][0-9]{_MONTH}{_DAY}_{_TIME}_[0-9]+"
    rf"|{_TIME}_{_YEAR}{_MONTH}{_DAY}_[0-9]+"
    rf"|{_YEAR}_{_MONTH}_{_DAY}"
    rf"|{_YEAR}_{_MONTH}{_DAY}_[0-9]+"
    rf"|{_DAY}_{_MONTH}_{_YEAR}"
    rf"|[0-9]+_{_YEAR}{_MONTH}{_DAY}_{_TIME}"
    rf"|{_YEAR}{_MONTH}{_DAY}{_TIME}_[0-9]+_[0-9]+"
    rf"|{_MONTH}{_DAY}{_YEAR}_{_TIME}_[0-9]+"
)


def contest_ids(name: str) -> tuple[str, str] | None:
    """(model, product) of a photo named model_product_image in digits; None for any other name."""
    stem = PurePosixPath(name).stem
    if not CONTEST_STEM.fullmatch(stem):
        return None
    model, product, _ = stem.split("_")
    return model, product


def are_dated(names: Sequence[str]) -> bool:
    """Whether half of the files or more are named by a date: the first number says when a photo was taken.

    Of random eight-digit model ids one in some 2,500 reads as a date.
    """
    return 2 * sum(_DATED.fullmatch(PurePosixPath(name).stem) is not None for name in names) >= len(names) > 0
