"""Labels in a NumPy `.npy` file, as the public baseline and scikit-learn's users keep them."""

from __future__ import annotations

import io
import tokenize
from typing import Literal

import numpy as np

from shopsim.base.errors import ShopsimError
from shopsim.catalog.labels.label_values import NOISE_TEXT

MAGIC = b"\x93NUMPY"
_WANTED = "labels are (n,) or (n, 1) integers or text, or (n, 2) text of path and label"


def labels_in_array(data: bytes, name: str, column: Literal["model", "group"]) -> tuple[list[str], list[str] | None]:
    """Reads the labels of a `.npy` as text, '' for no label, and the paths of the photos if it names them.

    Integers may be floats, since NumPy writes them so beside NaN; NaN is no label. In true labels the integer -1 is no
    label either, as `export` writes it; the text '-1' is a model of that name.

    Raises ShopsimError, naming the file, for anything else than labels; nothing is unpickled.
    """
    array = _array(data, name)
    if array.ndim == 2 and array.shape[1] == 1:
        array = array[:, 0]
    kind = array.dtype.kind
    if kind in "SU" and (array.ndim == 1 or (array.ndim == 2 and array.shape[1] == 2)):
        texts = _texts(array, name)
        return (texts, None) if array.ndim == 1 else ([row[1] for row in texts], [row[0] for row in texts])
    if kind not in "iuf" or array.ndim != 1:
        raise ShopsimError(f"'{name}' holds {array.dtype} of shape {array.shape}; {_WANTED}.")
    labels = _integers(array, name)
    return ["" if column == "model" and label == NOISE_TEXT else label for label in labels], None


def _array(data: bytes, name: str) -> np.ndarray:
    try:
        return np.lib.format.read_array(io.BytesIO(data), allow_pickle=False)
    except ValueError as error:
        if "allow_pickle" not in str(error):
            raise ShopsimError(f"Cannot read '{name}' as a NumPy array: {error}; {_WANTED}.") from None
        raise ShopsimError(
            f"'{name}' holds Python objects, which could run a program when they are read; save labels.astype(str)."
        ) from None
    except (OSError, TypeError, SyntaxError, EOFError, ArithmeticError, MemoryError) as error:
        raise ShopsimError(f"Cannot read '{name}' as a NumPy array: {error}; {_WANTED}.") from None
    except (tokenize.TokenError, RecursionError):
        raise ShopsimError(f"Cannot read '{name}' as a NumPy array: its header is damaged; {_WANTED}.") from None


def _texts(array: np.ndarray, name: str) -> list:
    """The array as (nested) lists of str."""
    try:
        return (array if array.dtype.kind == "U" else np.char.decode(array, "utf-8")).tolist()
    except UnicodeDecodeError:
        raise ShopsimError(f"'{name}' holds text that is not UTF-8; save it as an array of str.") from None
    except (SystemError, ValueError):
        # Numbers that are no characters, in a damaged file.
        raise ShopsimError(f"'{name}' holds text that no letters write; it may be damaged.") from None


def _integers(array: np.ndarray, name: str) -> list[str]:
    """Each number as text, '' for NaN."""
    if array.dtype.kind == "u":
        _check_not_wrapped(array, name)
    if array.dtype.kind != "f":
        return [str(number) for number in array.tolist()]
    whole = np.isnan(array) | (np.isfinite(array) & (array == np.round(array)))
    if not whole.all():
        raise ShopsimError(f"'{name}' holds {array[~whole][0]}, which is no label; {_WANTED}.")
    # Larger ones have no room for their last digit.
    exact = 2 ** (np.finfo(array.dtype).nmant + 1)
    lost = np.abs(array) > exact
    if lost.any():
        raise ShopsimError(
            f"'{name}' holds {array[lost][0]:.0f} as {array.dtype}, which has no room for its last digits; save the "
            "labels as int64 or text."
        )
    return ["" if number != number else str(int(number)) for number in array.tolist()]


def _check_not_wrapped(array: np.ndarray, name: str) -> None:
    """Raises ShopsimError where the largest number there is may be a -1 that was saved without its sign."""
    most = np.iinfo(array.dtype).max
    if array.size and array.max() == most and not (array == most - 1).any():
        raise ShopsimError(
            f"'{name}' holds {most} as {array.dtype}, which is also what becomes of -1 there; save the labels as int64."
        )
