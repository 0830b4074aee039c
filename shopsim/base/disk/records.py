"""Typed records read from JSON, or one sentence that says which field is wrong, by its path."""

from __future__ import annotations

import json
import re
import types
from collections.abc import Mapping
from typing import Annotated, Any, TypeVar, get_args, get_origin, get_type_hints

import msgspec
from msgspec import Meta, inspect

from shopsim.base.errors import ShopsimError

T = TypeVar("T")
_LARGEST = 10**12
Number = Annotated[float, Meta(ge=-float(_LARGEST), le=float(_LARGEST))]
"""A finite number: NaN and infinity are outside every range."""
Whole = Annotated[int, Meta(ge=0, le=_LARGEST)]
FromOne = Annotated[int, Meta(ge=1, le=_LARGEST)]

_MOST_TEXT = 50
_PLACE = re.compile(r" - at `\$([^`]*)`$")
_STEP = re.compile(r"\.(\w+)|\[(?:(\d+)|\.\.\.)\]")
_MISSING = re.compile(r"Object missing required field `(\w+)`")


def parsed(data: bytes) -> Any:
    """The value in JSON text. Raises ValueError for bytes that hold none, whatever is wrong with them.

    msgspec's own reader refuses NaN and half surrogate pairs, which files of earlier versions may hold.
    """
    try:
        return json.loads(data)
    except RecursionError:
        raise ValueError("it is nested too deeply") from None


def record(values: Any, kind: type[T], at: str = "") -> T:
    """Parsed JSON as this type: a dataclass, a `msgspec.Struct`, or a plain type with a range.

    at: the path of the values in their file. Fields that the type does not know are left out.
    Raises ShopsimError with one sentence if the values are of another kind.
    """
    try:
        return msgspec.convert(values, kind)
    except msgspec.ValidationError as error:
        raise ShopsimError(_sentence(str(error), values, kind, at)) from None
    except RecursionError:
        raise ShopsimError(f"'{at or 'It'}' is nested too deeply; a few levels would do.") from None
    except UnicodeEncodeError as error:
        name = ascii(error.object[:_MOST_TEXT])
        raise ShopsimError(f"A field is called {name}; its name must be valid Unicode.") from None


def _sentence(fault: str, values: Any, kind: Any, at: str) -> str:
    """One sentence for msgspec's fault: the path, the value, what would be right."""
    path, value, hint = _followed(fault, values, kind, at)
    missing = _MISSING.match(fault)
    if missing:
        name = missing[1]
        return f"'{_under(path, name)}' is missing; it must be {_right(_hints(hint)[name], None)}."
    if not path and _hints(hint):
        first = next(iter(_hints(hint)))
        return f"Where '{first}' should be there is {_short(value)}; it must be an object."
    return f"'{path or 'it'}' is {_short(value)}; it must be {_right(hint, value)}."


def _followed(fault: str, values: Any, kind: Any, path: str) -> tuple[str, Any, Any]:
    """The path of the fault, the value there, and the type that it must have."""
    found = _PLACE.search(fault)
    for name, number in _STEP.findall(found[1] if found else ""):
        kinds = [kind for kind in get_args(_plain(kind)) if kind is not Ellipsis]
        if name:
            kind = _hints(kind)[name]
        elif number:
            name = int(number)
            kind = kinds[min(name, len(kinds) - 1)]
        else:
            # msgspec does not say which entry of a mapping or a set it is.
            kind = kinds[-1]
            entries = values.items() if isinstance(values, dict) else enumerate(values)
            name = next(name for name, value in entries if not _is_of(value, kind))
        path, values = _under(path, name), values[name]
    return path, values, kind


def _is_of(value: Any, kind: Any) -> bool:
    try:
        msgspec.convert(value, kind)
    except (msgspec.ValidationError, UnicodeEncodeError):
        return False
    return True


def _hints(kind: Any) -> Mapping[str, Any]:
    """The types of a record's fields by name; none of what is no record."""
    kind = _plain(kind)
    return get_type_hints(kind, include_extras=True) if isinstance(kind, type) and not get_args(kind) else {}


def _plain(kind: Any) -> Any:
    """A type without its range, and without the null that may stand in its place."""
    kind = get_args(kind)[0] if get_origin(kind) is Annotated else kind
    if isinstance(kind, types.UnionType):
        return _plain(next(each for each in get_args(kind) if each is not types.NoneType))
    return kind


def _right(kind: Any, value: Any) -> str:
    """What a value of this type is called, with its range where it has one."""
    found = inspect.type_info(kind)
    if isinstance(found, inspect.UnionType):
        found, *others = (each for each in found.types if not isinstance(each, inspect.NoneType))
        if others:
            return "text, a number, true or false"
    match found:
        case inspect.FloatType(gt=low, lt=high) if low is not None:
            return f"a number between {low:g} and {high:g}"
        case inspect.FloatType(ge=low, le=high):
            is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
            is_bounded = low is not None and (is_number or high < _LARGEST)
            return f"a number from {low:g} to {high:g}" if is_bounded else "a number"
        case inspect.IntType(ge=low, le=high):
            bounds = "" if low is None else f" from {low}" if high == _LARGEST else f" from {low} to {high}"
            return f"a whole number{bounds}"
        case inspect.CollectionType(min_length=least, max_length=most):
            return "a list" + (f" of {least} {f'to {most}' if most else 'or more'}" if least else "")
        case inspect.TupleType(item_types=parts):
            return f"a list of {len(parts)}"
        case inspect.LiteralType(values=values):
            return f"{'one of ' if len(values) > 1 else ''}{', '.join(map(repr, values))}"
        case inspect.StrType():
            return "text"
    return "an object"


def _under(path: str, name: str | int) -> str:
    if isinstance(name, int):
        return f"{path}[{name}]"
    # A name may be as long as somebody's file, and hold anything.
    told = name[:_MOST_TEXT] if name.isprintable() else ascii(name[:_MOST_TEXT])[1:-1]
    return f"{path}.{told}" if path else told


def _short(value: Any) -> str:
    # Nothing is written out whole: a number may have thousands of digits.
    if isinstance(value, (list, dict)):
        return f"a {'list' if isinstance(value, list) else 'group'} of {len(value)}"
    if isinstance(value, int) and abs(value) > _LARGEST:
        return "a number far too large"
    written = repr(value)
    return written if len(written) <= _MOST_TEXT else f"{written[:_MOST_TEXT]}…"
