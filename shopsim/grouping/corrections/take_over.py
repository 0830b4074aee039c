"""Takes over the corrections of a file into the workspace."""

from __future__ import annotations

from dataclasses import dataclass

from shopsim.base.text.csv_text import decode
from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.grouping.corrections.corrections_csv import read_corrections
from shopsim.grouping.corrections.store import keep


@dataclass(frozen=True)
class Taken:
    """What was taken over. n_new: corrections that were not kept yet. n_elsewhere: those without a photo here."""

    n_new: int
    n_elsewhere: int

    @property
    def told(self) -> str:
        """Says how many of the file's corrections belong to other photos; '' if none does."""
        if not self.n_elsewhere:
            return ""
        return (
            f"Corrections in the file of which this catalogue has no photo: {self.n_elsewhere:,}. They are kept for "
            "catalogues that have these photos."
        )


def take_over(catalog: Catalog, content: bytes, name: str) -> Taken:
    """Keeps the corrections of a CSV file, all or none; those that are kept already stay as they are.

    Raises BadRows, Contradiction, and ShopsimError for a file that is no table of corrections; then none is kept.
    """
    actions = read_corrections(decode(content, name), name, catalog)
    here = set(photo_keys(catalog))
    n_elsewhere = sum(here.isdisjoint(each.photos) for each in actions)
    return Taken(len(keep(catalog, *actions, once=True)), n_elsewhere)
