"""Feature rows that stay on disk: a block is in memory only while it is used."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np

from shopsim.catalog.vector_files import OwnRows
from shopsim.features.row_reader import RowReader, RowsLost
from shopsim.features.row_store import RowStore

STREAM_FROM_BYTES = 64 * 2**20
"""Fewer bytes of rows are read at once: 12,800 photos of 1,280 numbers."""
BLOCK_ROWS = 4096


class Reader(Protocol):
    """Reads rows by number, (b,) -> (b, d)."""

    def __getitem__(self, numbers: np.ndarray) -> np.ndarray: ...


class Source(Protocol):
    """Says where rows lie. It is sent to other processes, which open the rows again."""

    def open(self) -> Reader:
        """Raises ShopsimError if the rows are gone or have changed."""
        ...

    def is_there(self) -> bool:
        """Whether the rows still seem to be there, without reading them."""
        ...

    def forget_damaged(self) -> None:
        """Makes `is_there` false if a row is damaged that can be computed again."""
        ...


@dataclass(frozen=True, eq=False)
class InStore:
    """The rows of these photos in a row store. digests: (n,) bytes of 32 digits."""

    root: Path
    key: str
    n_features: int
    digests: np.ndarray
    _complete: list[tuple[Path, ...]] = field(default_factory=list)
    """The last list of files that had all rows."""

    def open(self) -> RowReader:
        """Returns a reader of these rows. Raises RowsLost if a row is missing."""
        try:
            return self._store().reader(self.digests, lets_go=True)
        except KeyError:
            raise RowsLost("The cache was cleared while features were read; start again.") from None

    def is_there(self) -> bool:
        """Whether the store still lists every row. Others may fill it again after somebody has cleared the cache."""
        store = self._store()
        # A file's name stands for its photos, so files that are the same need no second look.
        files = store.files()
        if files not in self._complete and store.lists(self.digests):
            self._complete[:] = [files]
        return files in self._complete

    def forget_damaged(self) -> None:
        """Lets the store find damaged rows, which it leaves out from then on."""
        self._store().holds([digest.decode() for digest in self.digests])
        self._complete.clear()

    def _store(self) -> RowStore:
        return RowStore(self.root, self.key, self.n_features)


@dataclass(frozen=True, eq=False)
class InOwnFile:
    """The rows of a catalogue that brings its own vectors."""

    rows: OwnRows

    def open(self) -> OwnRows:
        """Returns the rows. Raises ShopsimError if the file has changed."""
        self.rows.check()
        return self.rows

    def is_there(self) -> bool:
        """Whether the file is as it was."""
        return self.rows.is_unchanged()

    def forget_damaged(self) -> None:
        """Does nothing: nobody can compute these rows again."""


@dataclass(frozen=True, eq=False)
class StoredRows:
    """Rows (n, d) float32 on disk, which are used like an array: `rows[numbers]` and `blocks()` read what is needed.

    source: where they lie; places: (n,) int64, the number of each row there; n_features: d.
    unit: whether rows are scaled to length 1 as they are read; a row of zeros stays zero.
    NumPy functions that take the whole read all rows into memory.
    """

    source: Source
    places: np.ndarray
    n_features: int
    unit: bool = False

    @property
    def shape(self) -> tuple[int, int]:
        """(n, d)."""
        return len(self.places), self.n_features

    @property
    def dtype(self) -> np.dtype:
        """Always float32."""
        return np.dtype(np.float32)

    def __len__(self) -> int:
        return len(self.places)

    def __getitem__(self, numbers: int | slice | np.ndarray | list[int]) -> np.ndarray:
        """Returns one row (d,) for a number, and (b, d) for a slice, numbers or a mask. Raises ShopsimError."""
        places = self.places[numbers]
        try:
            rows = np.asarray(self._reader[np.atleast_1d(places)], np.float32)
        except RowsLost:
            # Who asks for these features next gets new ones, and not the same error.
            self.__dict__.pop("_reader", None)
            self.source.forget_damaged()
            raise
        if self.unit:
            rows = scaled(rows)
        return rows[0] if np.ndim(places) == 0 else rows

    def __array__(self, dtype: np.dtype | None = None, copy: bool | None = None) -> np.ndarray:
        whole = np.empty(self.shape, np.float32)
        for part, rows in self.blocks():
            whole[part] = rows
        return whole if dtype is None else whole.astype(dtype, copy=False)

    def __getstate__(self) -> dict[str, object]:
        # A reader holds open files, and another process opens its own.
        return {name: value for name, value in self.__dict__.items() if name != "_reader"}

    def __iter__(self) -> Iterator[np.ndarray]:
        for _, rows in self.blocks():
            yield from rows

    def blocks(self) -> Iterator[tuple[slice, np.ndarray]]:
        """Returns all rows in blocks of BLOCK_ROWS, each with its place."""
        for start in range(0, len(self), BLOCK_ROWS):
            part = slice(start, min(start + BLOCK_ROWS, len(self)))
            yield part, self[part]

    def take(self, numbers: np.ndarray) -> StoredRows:
        """Returns these rows only, still on disk. numbers: (m,) int64 or a mask."""
        return StoredRows(self.source, self.places[numbers], self.n_features, self.unit)

    def as_unit(self) -> StoredRows:
        """Returns the same rows scaled to length 1."""
        return StoredRows(self.source, self.places, self.n_features, unit=True)

    @cached_property
    def _reader(self) -> Reader:
        return self.source.open()


def scaled(rows: np.ndarray) -> np.ndarray:
    """Scales (n, d) float32 rows to length 1; a row of zeros stays zero."""
    # Summed in float64 without a second matrix: squares of large numbers would overflow float32.
    norms = np.sqrt(np.einsum("ij,ij->i", rows, rows, dtype=np.float64))
    return rows / np.where(norms > 0, norms, 1).astype(np.float32)[:, None]


Rows = np.ndarray | StoredRows
"""(n, d) float32, in memory or on disk."""


def blocks_of(rows: Rows) -> Iterator[tuple[slice, np.ndarray]]:
    """Returns all rows block by block, each with its place."""
    if isinstance(rows, StoredRows):
        yield from rows.blocks()
        return
    for start in range(0, len(rows), BLOCK_ROWS):
        part = slice(start, start + BLOCK_ROWS)
        yield part, rows[part]


def any_in_row(rows: Rows) -> np.ndarray:
    """(n,) bool, whether a row has a number other than 0."""
    return np.concatenate([np.empty(0, bool), *(block.any(axis=1) for _, block in blocks_of(rows))])


def taken(rows: Rows, numbers: np.ndarray | list[int]) -> Rows:
    """Returns these rows only; rows on disk stay there."""
    return rows.take(np.asarray(numbers)) if isinstance(rows, StoredRows) else rows[numbers]
