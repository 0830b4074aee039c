"""Reads the arrays of a PyTorch file without PyTorch, and runs nothing that the file names."""

from __future__ import annotations

import io
import pickle
from collections import OrderedDict
from collections.abc import Sequence
from typing import Any, BinaryIO

import numpy as np
from numpy.lib.stride_tricks import as_strided

from shopsim.base.errors import ShopsimError

_MAGIC, _PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
_DTYPES = {"FloatStorage": np.dtype("<f4"), "LongStorage": np.dtype("<i8")}
_STEPS_BEFORE = 3  # The magic number, the protocol, and what machine wrote it.


def arrays_of(data: bytes) -> dict[str, np.ndarray]:
    """Returns the arrays of a state dictionary by their names; they share the memory of `data` and are read-only.

    data: a file in PyTorch's legacy format (`torch.serialization._legacy_save`), of float32 and int64 only.
    Raises ShopsimError for anything else.
    """
    try:
        file = io.BytesIO(data)
        head = [_Restricted(file).load() for _ in range(_STEPS_BEFORE)]
        if head[:2] != [_MAGIC, _PROTOCOL] or not head[2]["little_endian"]:
            raise ValueError("it does not begin as such a file")
        reader = _Restricted(file)
        tensors = reader.load()
        storages = _storages(file, _Restricted(file).load(), reader.dtypes, data)
        return {name: tensor.array(storages) for name, tensor in tensors.items()}
    except Exception as error:
        # A damaged pickle raises whatever the step at hand does.
        raise ShopsimError(f"The file of weights is no PyTorch file that can be read here ({error}).") from error


class _Tensor:
    """A tensor as the file describes it: where it begins in which storage, and its shape."""

    def __init__(self, storage: str, offset: int, shape: Sequence[int], strides: Sequence[int], *_: object) -> None:
        self._storage, self._offset, self._shape, self._strides = storage, offset, tuple(shape), tuple(strides)

    def array(self, storages: dict[str, np.ndarray]) -> np.ndarray:
        flat = storages[self._storage]
        last = self._offset + sum((length - 1) * step for length, step in zip(self._shape, self._strides, strict=True))
        if min(self._offset, *self._strides, *self._shape, 0) < 0 or last >= len(flat):
            raise ValueError("a tensor reaches beyond its numbers")
        steps = [step * flat.itemsize for step in self._strides]
        return as_strided(flat[self._offset :], self._shape, steps, writeable=False)


_ALLOWED = {
    ("collections", "OrderedDict"): OrderedDict,
    ("torch._utils", "_rebuild_tensor_v2"): _Tensor,
    ("torch", "FloatStorage"): "FloatStorage",
    ("torch", "LongStorage"): "LongStorage",
}


class _Restricted(pickle.Unpickler):
    """Unpickles the four names that a state dictionary needs, and refuses every other one."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__(file)
        self.dtypes: dict[str, np.dtype] = {}

    def find_class(self, module: str, name: str) -> Any:
        if (module, name) not in _ALLOWED:
            raise ValueError(f"it names '{module}.{name}'")
        return _ALLOWED[module, name]

    def persistent_load(self, pid: Any) -> str:
        _, kind, key, *_ = pid
        self.dtypes[key] = _DTYPES[kind]
        return key


def _storages(file: BinaryIO, keys: list[str], dtypes: dict[str, np.dtype], data: bytes) -> dict[str, np.ndarray]:
    """The numbers of each storage: their count in eight bytes, then the numbers."""
    storages = {}
    for key in keys:
        count = int.from_bytes(file.read(8), "little")
        storages[key] = np.frombuffer(data, dtypes[key], count, file.tell())
        file.seek(count * dtypes[key].itemsize, io.SEEK_CUR)
    return storages
