"""How messages between the server and a worker are packed."""

import numpy as np

from shopsim.base.work.worker import pack, unpack


def test_arrays_travel_without_loss_and_may_be_written_to():
    arrays = {"rows": np.arange(6, dtype=np.float32).reshape(2, 3), "none": np.empty((0, 4)), "text": "Größe"}
    got = unpack([bytearray(part) for part in pack(arrays)])
    assert np.array_equal(got["rows"], arrays["rows"])
    assert (got["none"].shape, got["text"]) == ((0, 4), "Größe")
    got["rows"][0, 0] = 7
