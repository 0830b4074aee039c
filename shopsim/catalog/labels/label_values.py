"""Reads labels as programs write them: integers may be floats, and no label may be NaN."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from decimal import Decimal

from shopsim.base.errors import ShopsimError
from shopsim.base.same_name import composed

NOISE_TEXT = "-1"
"""In predicted labels, as scikit-learn has it: the photo belongs to no group."""

_WHOLE = re.compile(r"[+-]?(0|[1-9][0-9]*)")
# Behind a comma three zeros may be thousands.
_FLOAT = re.compile(r"[+-]?(?:(?:0|[1-9][0-9]*)(?:\.0*|,0{1,2}|,0{4,})|[0-9](?:[.,][0-9]+)?[eE](?:[+-][0-9]{2,3}|0))")
# How people keep a spreadsheet from reading 01 as 1.
_FORMULA = re.compile(r'\A="([^"]*)"\Z')
_NAN = re.compile(r"[+-]?nan", re.IGNORECASE)
# From here on a float64 has no room for the last digit.
_EXACT = 2**53


def as_labels(cells: Sequence[str], where: str) -> list[str]:
    """Reads the labels of one column: text in Unicode NFC, without blanks or `="…"` around it; '' for no label.

    Labels stay text: '01' is not '1'. In a column of nothing but integers in which one at least is written as a float
    ('1.0', '-1.000e+00', 'nan', with a decimal comma too), all become plain integers and NaN becomes ''. One label
    of another form ('01', '1.10', 'bag') leaves the whole column as text.
    where: what holds them, for the error.

    Raises ShopsimError for an integer that lost its last digits when it was written ('1.51367E+10').
    """
    texts = [composed(_FORMULA.sub(r"\1", cell.strip())) for cell in cells]
    if not any(_FLOAT.fullmatch(text) or _NAN.fullmatch(text) for text in texts):
        return texts
    integers = [as_integer(text, where) for text in texts]
    is_numeric = all(
        integer is not None or not text or _NAN.fullmatch(text) for integer, text in zip(integers, texts, strict=True)
    )
    return [integer or "" for integer in integers] if is_numeric else texts


def as_integer(text: str, where: str) -> str | None:
    """Returns the integer that a text means, '-1' for '-1.000e+00', or None. Raises as `as_labels` does.

    Full-width digits and the minus sign of typography count as those of a keyboard.
    """
    text = unicodedata.normalize("NFKC", text).replace("−", "-")
    if _WHOLE.fullmatch(text):
        return "0" if text.strip("+-") == "0" else text.strip("+")
    if not _FLOAT.fullmatch(text):
        return None
    value = Decimal(text.replace(",", "."))
    exponent = value.as_tuple().exponent
    if value and (abs(value) > _EXACT or (isinstance(exponent, int) and exponent > 0)):
        raise ShopsimError(
            f"{where} has the number '{text}', which may have lost its last digits, as spreadsheets, NumPy and R "
            "shorten long numbers; write it with all of them."
        )
    return str(int(value)) if value == int(value) else None
