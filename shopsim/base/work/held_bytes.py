"""Measures how much memory results need; memory that several results share counts once."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from types import BuiltinFunctionType, FunctionType, MethodType, ModuleType
from typing import Any

import numpy as np

Parts = Mapping[int, int]
"""Bytes of each part of a result by the part's `id`, which is valid as long as the result keeps the part."""

# Only larger parts are compared with those of other results.
_LARGE = 1 << 16
# Results are shallow; a deeper chain of objects is not followed to its end.
_DEEPEST = 40
_NO_RESULT = (type, ModuleType, FunctionType, BuiltinFunctionType, MethodType)
_LEAVES = (str, bytes, bytearray, int, float, complex, bool, type(None))


def parts_of(result: Any, known: Parts | None = None) -> dict[int, int]:
    """Returns the parts of a result: large arrays, tables and lists one by one, and all that is small together.

    An array counts with the whole buffer that it keeps alive; a file mapped into memory counts as 0. It looks into
    dataclasses and other objects, tuples, lists, sets, dicts, sparse matrices and pandas tables.
    known: parts of other results that are still kept; a list among them is not measured again.
    """
    walk = _Walk(known or {})
    rest = walk.small(result, 0)
    # An `id` is never negative, so the rest of this result is no part of another one.
    return walk.parts | {-id(result): rest}


def total(results: Iterable[Parts]) -> int:
    """Returns the bytes of several results together, each part once."""
    together: dict[int, int] = {}
    for parts in results:
        together.update(parts)
    return sum(together.values())


class _Walk:
    def __init__(self, known: Parts) -> None:
        self.parts: dict[int, int] = {}
        self._known = known
        self._seen: set[int] = set()

    def small(self, thing: Any, depth: int) -> int:
        """Bytes of the thing and of all in it, without parts that are noted separately or were seen before."""
        if id(thing) in self._seen or isinstance(thing, _NO_RESULT):
            return 0
        self._seen.add(id(thing))
        if isinstance(thing, _LEAVES) or depth > _DEEPEST:
            return sys.getsizeof(thing)
        if isinstance(thing, np.ndarray):
            return self._array(thing, depth)
        if type(thing).__module__.startswith("pandas.") and hasattr(thing, "memory_usage"):
            return self._noted(thing, int(np.sum(thing.memory_usage(deep=True))))
        if id(thing) in self._known:
            return self._noted(thing, self._known[id(thing)])
        before = len(self.parts)
        size = sys.getsizeof(thing, 0) + sum(self.small(inner, depth + 1) for inner in _inside(thing))
        # Other results may share the large parts in it without sharing the thing itself.
        return size if len(self.parts) > before else self._noted(thing, size)

    def _noted(self, thing: Any, size: int) -> int:
        """Notes a large part and returns 0; returns the size of a small one."""
        if size < _LARGE:
            return size
        self.parts[id(thing)] = size
        return 0

    def _array(self, array: np.ndarray, depth: int) -> int:
        owner: Any = array
        while isinstance(owner, np.ndarray) and owner.base is not None:
            owner = owner.base
        if isinstance(owner, memoryview):
            owner = owner.obj
        if type(owner).__name__ == "mmap":
            return 0
        if owner is not array:
            if id(owner) in self._seen:
                return 0
            self._seen.add(id(owner))
        inner = sum(self.small(each, depth + 1) for each in array.flat) if array.dtype.hasobject else 0
        return inner + self._noted(owner, owner.nbytes if isinstance(owner, np.ndarray) else sys.getsizeof(owner))


def _inside(thing: Any) -> Iterator[Any]:
    """Yields what a container or an object keeps alive, from a copy, because a page may add to it meanwhile."""
    if isinstance(thing, Mapping):
        yield from list(thing.keys())
        yield from list(thing.values())
    elif isinstance(thing, (tuple, list, set, frozenset)):
        yield from list(thing)
    yield from list(getattr(thing, "__dict__", {}).values())
    for name in _slots_of(type(thing)):
        yield getattr(thing, name, None)


@lru_cache(maxsize=1024)
def _slots_of(kind: type) -> tuple[str, ...]:
    slots = [each.__dict__.get("__slots__", ()) for each in kind.__mro__]
    names = [name for each in slots for name in ((each,) if isinstance(each, str) else each)]
    return tuple(name for name in names if name not in ("__dict__", "__weakref__"))
