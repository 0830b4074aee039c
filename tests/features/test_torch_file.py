"""Arrays out of PyTorch's files without PyTorch: what is read, and that nothing a file names is run."""

import io
import pickle
import struct
from collections import OrderedDict

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.features.networks.torch_file import arrays_of

MAGIC, PROTOCOL = 0x1950A86A20F9469CFC6C, 1001
HEAD = [MAGIC, PROTOCOL, {"protocol_version": PROTOCOL, "little_endian": True}]


class Named:
    """Pickled as the global of this module and name."""

    def __init__(self, module, name):
        self.module, self.name = module, name


class Called:
    """Pickled as a call of that global."""

    def __init__(self, named, *arguments):
        self.named, self.arguments = named, arguments

    def __reduce__(self):
        return self.named, self.arguments


class Stored:
    """Pickled as the storage of that key."""

    def __init__(self, kind, key, count):
        self.pid = ("storage", Named("torch", kind), key, "cpu", count, None)


class Pickler(pickle._Pickler):
    """Writes what PyTorch would, where it is not installed."""

    def persistent_id(self, value):
        return value.pid if isinstance(value, Stored) else None

    def save(self, value, *more, **named):
        if isinstance(value, Named):
            self.write(pickle.GLOBAL + f"{value.module}\n{value.name}\n".encode())
            return
        if isinstance(value, Called):
            self.save(value.named)
            self.save(value.arguments)
            self.write(pickle.REDUCE)
            return
        super().save(value, *more, **named)


def tensor(kind, key, count, offset, shape, strides):
    return Called(Named("torch._utils", "_rebuild_tensor_v2"), Stored(kind, key, count), offset, shape, strides)


def written(tensors, storages, head=HEAD):
    """The bytes of a file with these tensors and storages (arrays by key)."""
    file = io.BytesIO()
    for value in [*head, tensors, list(storages)]:
        Pickler(file, protocol=2).dump(value)
    for numbers in storages.values():
        file.write(struct.pack("<q", len(numbers)) + numbers.tobytes())
    return file.getvalue()


def test_arrays_come_back_whatever_their_strides_and_offsets():
    floats, wholes = np.arange(12, dtype="<f4"), np.arange(3, dtype="<i8")
    data = written(
        OrderedDict(
            plain=tensor("FloatStorage", "0", 12, 0, (3, 4), (4, 1)),
            turned=tensor("FloatStorage", "0", 12, 0, (4, 3), (1, 4)),
            part=tensor("FloatStorage", "0", 12, 5, (2,), (1,)),
            count=tensor("LongStorage", "1", 3, 2, (), ()),
        ),
        {"0": floats, "1": wholes},
    )
    arrays = arrays_of(data)
    assert list(arrays) == ["plain", "turned", "part", "count"]
    assert np.array_equal(arrays["plain"], floats.reshape(3, 4))
    assert np.array_equal(arrays["turned"], floats.reshape(3, 4).T)
    assert np.array_equal(arrays["part"], [5, 6])
    assert arrays["count"] == 2
    assert not arrays["plain"].flags.writeable


@pytest.mark.parametrize(
    "call",
    [
        Called(Named("os", "mkdir"), "made"),
        Called(Named("builtins", "eval"), "__import__('os').mkdir('made')"),
        Called(Named("torch", "HalfStorage")),
        Called(Named("collections", "Counter")),
    ],
)
def test_no_other_name_is_run(call, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for data in (written(OrderedDict(a=call), {}), written(OrderedDict(), {}, head=[call, *HEAD[1:]])):
        with pytest.raises(ShopsimError, match=rf"it names '{call.named.module}\.{call.named.name}'"):
            arrays_of(data)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("offset", "shape", "strides"),
    [(10, (3,), (1,)), (0, (3, 4), (5, 1)), (0, (3,), (-1,)), (-1, (3,), (1,)), (0, (-3,), (1,)), (0, (3,), (1, 1))],
)
def test_no_tensor_reaches_beyond_its_storage(offset, shape, strides):
    wrong = tensor("FloatStorage", "0", 12, offset, shape, strides)
    with pytest.raises(ShopsimError, match="no PyTorch file that can be read here"):
        arrays_of(written(OrderedDict(a=wrong), {"0": np.arange(12, dtype="<f4")}))


def test_what_is_no_such_file_is_a_sentence():
    whole = written(OrderedDict(a=tensor("FloatStorage", "0", 4, 0, (4,), (1,))), {"0": np.arange(4, dtype="<f4")})
    assert np.array_equal(arrays_of(whole)["a"], [0, 1, 2, 3])
    others = [whole[:length] for length in range(0, len(whole), 7)]
    others += [b"PK\x03\x04 a newer file", pickle.dumps([]), written([], {}), written({}, {}, head=[1, *HEAD[1:]])]
    for data in others:
        with pytest.raises(ShopsimError, match="no PyTorch file that can be read here"):
            arrays_of(data)
