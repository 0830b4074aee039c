"""Reads the contest's file names, model_product_image in digits, and recognises other names of three numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from itertools import pairwise
from pathlib import PurePosixPath

CONTEST_STEM = re.compile(r"[0-9]+_[0-9]+_[0-9]+")
_YEAR, _MONTH, _DAY = "(?:19[9]|20[0-9])[0-9]", "(?:0[1-9]|1[0-2])", "(?:0[1-9]|[12][0-9]|3[01])"
_TIME = "(?:[01][0-9]|2[0-3])[0-5][0-9][0-5][0-9]"
# A day, and if it follows the time: to the minute, the second or the millisecond.
_STAMP = rf"{_YEAR}{_MONTH}{_DAY}(?:(?:[01][0-9]|2[0-3])[0-5][0-9](?:[0-5][0-9](?:[0-9]{{3}})?)?)?"
# Seconds, milliseconds or microseconds since 1970, for 2004 to 2034: chats, scrapers and apps use such names.
_EPOCH = "(?:1[1-9]|20)[0-9]{8}(?:[0-9]{3}|[0-9]{6})?"
# Cameras and phones name bursts like this: 20230415_113010_001. People rename them to similar names.
_DATED = re.compile(
    rf"{_STAMP}_[0-9]+_[0-9]+"
    rf"|[0-9]+_{_STAMP}_[0-9]+"
    rf"|[0-9]+_[0-9]+_{_STAMP}"
    rf"|{_EPOCH}_[0-9]+_[0-9]+"
    rf"|[0-9]+_{_EPOCH}_[0-9]+"
    rf"|{_DAY}{_MONTH}{_YEAR}_{_TIME}_[0-9]+"
    rf"|{_MONTH}{_DAY}{_YEAR}_{_TIME}_[0-9]+"
    rf"|[0-9][0-9]{_MONTH}{_DAY}_{_TIME}_[0-9]+"
    rf"|{_YEAR}_{_MONTH}_[0-9]+"
    rf"|{_YEAR}_{_MONTH}{_DAY}_[0-9]+"
    rf"|{_DAY}_{_MONTH}_{_YEAR}"
)
# Width to height of photos, and of the pictures that sites make of them.
_SHAPES = (1, 5 / 4, 4 / 3, 3 / 2, 16 / 9)
_LEAST_SIDE, _MOST_SIDE = 64, 12_000
# Products that are numbered within their model (1, 2, 3) appear under every model; ids do not.
_LEAST_ID = 100


def contest_ids(name: str) -> tuple[str, str] | None:
    """Returns (model, product) of a photo named model_product_image in digits; None for any other name."""
    stem = PurePosixPath(name).stem
    if not CONTEST_STEM.fullmatch(stem):
        return None
    model, product, _ = stem.split("_")
    return model, product


def against_names(names: Sequence[str]) -> str:
    """Says why names of three numbers may not be model_product_image; '' if nothing speaks against it.

    Half of the names or more must speak against it. About one in 2,500 random eight-digit ids looks like a date, and
    one in ten random ten-digit ids looks like a time.
    """
    if _is_half(sum(map(_is_dated, names)), names):
        return f"has photos named by dates or times, as phones name them ('{next(filter(_is_dated, names))}')"
    if _is_half(sum(map(_is_sized, names)), names):
        return f"has photos whose names seem to give their width and height ('{next(filter(_is_sized, names))}')"
    shared = _shared_products(names)
    if shared:
        return f"has file names that put one product under several models ('{shared[0]}' and '{shared[1]}')"
    return ""


def _is_half(count: int, names: Sequence[str]) -> bool:
    return 2 * count >= len(names) > 0


def _is_dated(name: str) -> bool:
    return _DATED.fullmatch(PurePosixPath(name).stem) is not None


def _is_sized(name: str) -> bool:
    """Says whether two neighbouring numbers are the width and height of a photo: 7_800_600, 1080_1080_7."""
    numbers = [int(number) if len(number) <= len(str(_MOST_SIDE)) else 0 for number in _numbers(name)]
    return any(_is_size(*sides) for sides in pairwise(numbers))


def _is_size(one: int, other: int) -> bool:
    short, long = sorted((one, other))
    # Sides are whole pixels: 1366 by 768 differs from 16 to 9 by two thirds of a pixel.
    return short >= _LEAST_SIDE and long <= _MOST_SIDE and any(abs(long - shape * short) < 1 for shape in _SHAPES)


def _shared_products(names: Sequence[str]) -> tuple[str, str] | None:
    """Returns two names of one product under two models, if half of the photos or more show such a product."""
    first: dict[str, str] = {}
    other: dict[str, str] = {}
    for name in names:
        model, product, _ = _numbers(name)
        known = first.setdefault(product, name)
        if len(product) >= len(str(_LEAST_ID)) and _numbers(known)[0] != model:
            other.setdefault(product, name)
    counts = Counter(_numbers(name)[1] for name in names)
    if not _is_half(sum(counts[product] for product in other), names):
        return None
    product, name = next(iter(other.items()))
    return first[product], name


def _numbers(name: str) -> list[str]:
    return PurePosixPath(name).stem.split("_")
