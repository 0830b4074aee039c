"""The kept runs that the page offers."""

from __future__ import annotations

from dataclasses import dataclass

from shopsim.grouping.runs.record import About


@dataclass(frozen=True)
class RunsShown:
    """The kept runs that the page offers, the latest first.

    here: those of the open catalogue; others: those of other catalogues, if the visitor asked for them.
    """

    here: list[About]
    others: list[About]

    @property
    def by_id(self) -> dict[str, About]:
        """All runs by their id, first those of the open catalogue."""
        return {about.id: about for about in (*self.here, *self.others)}

    def title(self, run_id: str) -> str:
        """The name of a run; one of another catalogue also says whose it is."""
        about = self.by_id[run_id]
        return about.name if about in self.here else f"{about.name} (of {about.catalog})"
