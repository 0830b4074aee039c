"""Some rows of a CSV that was made for all of them."""

from __future__ import annotations

import codecs
import csv
import io
from collections.abc import Collection


def keep_rows(data: bytes, rows: Collection[int]) -> bytes:
    """The header and the rows of these numbers, counted from 0 below the header, every cell as it was.

    data: UTF-8 with byte order mark, lines end with CR LF, as `groups_csv` writes it.
    """
    lines = csv.reader(io.StringIO(data.decode("utf-8-sig"), newline=""))
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(next(lines))
    writer.writerows(cells for number, cells in enumerate(lines) if number in rows)
    return codecs.BOM_UTF8 + text.getvalue().encode()
