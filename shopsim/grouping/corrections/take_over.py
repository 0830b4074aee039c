"""Takes over the corrections of a file into the workspace."""

from __future__ import annotations

from shopsim.base.text.csv_text import decode
from shopsim.catalog.catalog import Catalog
from shopsim.grouping.corrections.corrections_csv import new_among, read_corrections
from shopsim.grouping.corrections.store import keep, read_actions


def take_over(catalog: Catalog, content: bytes, name: str) -> int:
    """Keeps the corrections of a CSV file, all or none, and returns how many of them are new.

    Raises BadRows, Contradiction, and ShopsimError for a file that is no table of corrections; then none is kept.
    """
    new = new_among(read_corrections(decode(content, name), name, catalog), read_actions(catalog))
    if new:
        keep(catalog, *new)
    return len(new)
