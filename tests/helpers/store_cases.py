"""What tests of the stores share: rows by number, and files of arrays that are damaged, each in its own way."""

import io

import numpy as np


def digests(*numbers):
    return [f"{number:032x}" for number in numbers]


def row_of(number, n_features=3):
    return np.full(n_features, number + 1, np.float32)


def write_one_by_one(store, numbers):
    for number in numbers:
        store.write(digests(number), row_of(number, store.n_features)[None])


def npy(array):
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


WHOLE = npy(np.ones((2, 3), np.float32))

DAMAGES = {
    "empty": b"",
    "header cut": WHOLE[:30],
    "truncated": WHOLE[:-4],
    "zeros": bytes(len(WHOLE)),
    "text": b"hello",
    "zipped": b"PK\x03\x04" + WHOLE,
    "too large": WHOLE.replace(b"(2, 3), }          ", b"(99999999, 99999), }"),
    "other shape": npy(np.ones((2, 4), np.float32)),
    "other type": npy(np.ones((2, 3), np.float64)),
    "pickle": b"\x80\x04K\x01.",
}
