"""Fields of an object read from JSON, each of its kind and within its range, or a sentence that names it."""

from __future__ import annotations

import json
from typing import Any

from shopsim.base.errors import ShopsimError

_MOST_TEXT = 50
_LARGEST = 1e12


def parsed(data: bytes) -> Any:
    """The value in JSON text. Raises ValueError for bytes that are none, whatever is wrong with them."""
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def text(values: Any, name: str) -> str:
    """A text. Raises ShopsimError if there is none, as all of these do."""
    return _of_kind(values, name, str, "text")


def number(values: Any, name: str, low: float = -_LARGEST, high: float = _LARGEST) -> float:
    """A number from `low` to `high`, so a finite one."""
    value = _of_kind(values, name, (int, float), "a number")
    if not low <= value <= high:
        raise _wrong(name, value, f"a number from {low:g} to {high:g}")
    return float(value)


def number_or_none(values: Any, name: str) -> float | None:
    """A number, or None where the field is null or not there."""
    return None if isinstance(values, dict) and values.get(name) is None else number(values, name)


def whole_number(values: Any, name: str, low: int = 0, high: int = int(_LARGEST)) -> int:
    """A whole number from `low` to `high`."""
    value = _of_kind(values, name, int, "a whole number")
    if not low <= value <= high:
        raise _wrong(name, value, f"a whole number from {low}")
    return value


def plain_object(values: Any, name: str) -> dict[str, Any]:
    """An object, its fields by name."""
    return _of_kind(values, name, dict, "an object")


def entries(values: Any, name: str, least: int = 1) -> list[Any]:
    """A list of at least so many entries."""
    value = _of_kind(values, name, list, "a list")
    if len(value) < least:
        raise _wrong(name, value, f"a list of {least} or more")
    return value


def _of_kind(values: Any, name: str, kind: type | tuple[type, ...], told: str) -> Any:
    if not isinstance(values, dict):
        raise ShopsimError(f"Where '{name}' should be there is {_short(values)}; it must be an object.")
    if name not in values:
        raise ShopsimError(f"'{name}' is missing; it must be {told}.")
    value = values[name]
    # True and False are whole numbers to Python.
    if isinstance(value, bool) or not isinstance(value, kind):
        raise _wrong(name, value, told)
    return value


def _wrong(name: str, value: Any, right: str) -> ShopsimError:
    return ShopsimError(f"'{name}' is {_short(value)}; it must be {right}.")


def _short(value: Any) -> str:
    # Nothing is written out whole: a number may have thousands of digits.
    if isinstance(value, (list, dict)):
        return f"a {'list' if isinstance(value, list) else 'group'} of {len(value)}"
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "a number far too large"
    written = repr(value)
    return written if len(written) <= _MOST_TEXT else f"{written[:_MOST_TEXT]}…"
