"""`.npy` files that cannot be read: the sentence says what is wrong with the file, in no parser's words."""

import io

import numpy as np
import pytest

from shopsim import ShopsimError
from shopsim.base.disk.array_files import map_array

HEADER = b"{'descr': '<f4', 'fortran_order': False, 'shape': (8, 6), }"


def whole():
    buffer = io.BytesIO()
    np.save(buffer, np.zeros((8, 6), np.float32))
    return buffer.getvalue()


def with_header(text):
    return whole().replace(HEADER, text.ljust(len(HEADER))[: len(HEADER)])


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b"\x93NUM", "the file ends within its header"),
        (whole()[:50], "the file ends within its header"),
        (b"PK\x03\x04" + bytes(200), "it does not begin as a .npy file does"),
        (with_header(b"{'descr':'<f4','fortran_order':False,'shape':((1,"), "its header is damaged"),
        (with_header(b"{'descr':'<f4','fortran_order':False,'shape':(2**3,6)}"), "its header is damaged"),
        (with_header(b"-" * 200), "its header is damaged"),
        (with_header(b"{'shape':(8,6)}"), "its header is damaged"),
        (
            with_header(HEADER.replace(b"(8, 6)", b"(9, 6)")),
            "its header says float32 of shape (9, 6), and 192 bytes follow",
        ),
    ],
    ids=range(9),
)
def test_what_is_wrong_with_an_array_file_is_told_in_plain_words(tmp_path, content, reason):
    path = tmp_path / "features.npy"
    path.write_bytes(content)
    with pytest.raises(ShopsimError) as refused:
        map_array(path)
    assert str(refused.value) == f"Cannot read 'features.npy' as a NumPy array of numbers: {reason}."
