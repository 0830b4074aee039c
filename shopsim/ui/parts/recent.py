"""Keeps the recently opened catalogues, for the lists in the sidebar and on the Catalogs page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from shopsim.base.disk.home_list import change_list, read_list, why_unwritten

_NAME = "recent"
_KEEP = 12


@dataclass(frozen=True)
class Recent:
    """Describes a recently opened catalogue: its folder, the chosen form, the file of true models, the encoding."""

    folder: str
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None


def recent_catalogs() -> list[Recent]:
    """Lists the catalogues, the latest first. Missing folders stay listed, since a drive may come back."""
    return [Recent(**entry) for entry in read_list(_NAME) if _is_recent(entry)]


def remember(opened: Recent) -> None:
    """Puts a catalogue first, and replaces the older entry of its folder."""
    change_list(_NAME, lambda entries: [asdict(opened), *_others(entries, opened.folder)][:_KEEP])


def forget(folder: str) -> None:
    """Removes a folder from the list."""
    change_list(_NAME, lambda entries: _others(entries, folder))


def why_not_kept() -> str:
    """Says why the list will be lost when the server ends; '' if it is kept."""
    return why_unwritten(_NAME)


def _others(entries: list[Any], folder: str) -> list[Any]:
    return [entry for entry in entries if _is_recent(entry) and entry["folder"] != folder]


def _is_recent(entry: Any) -> bool:
    """Says whether an entry is valid, since someone may have edited the file."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("folder"), str)
        and entry.keys() <= {"folder", "form", "labels", "encoding"}
        and all(value is None or isinstance(value, str) for value in entry.values())
    )
