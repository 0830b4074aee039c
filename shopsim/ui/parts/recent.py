"""The catalogues opened lately, for the lists in the sidebar and on the Catalogs page."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from shopsim.base.disk.home_list import change_list, read_list, why_unwritten

_NAME = "recent"
_KEEP = 12


@dataclass(frozen=True)
class Recent:
    """How a catalogue was opened: its folder, the form asked for, the file of true models, the encoding."""

    folder: str
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None


def recent_catalogs() -> list[Recent]:
    """The latest first; those that are gone stay, since a drive may come back."""
    return [Recent(**entry) for entry in read_list(_NAME) if _is_recent(entry)]


def remember(opened: Recent) -> None:
    """Put a catalogue first, in place of how its folder was opened before."""
    change_list(_NAME, lambda entries: [asdict(opened), *_others(entries, opened.folder)][:_KEEP])


def forget(folder: str) -> None:
    """Take a folder off the list."""
    change_list(_NAME, lambda entries: _others(entries, folder))


def why_not_kept() -> str:
    """Why the list will be gone when the server ends; '' if it will not."""
    return why_unwritten(_NAME)


def _others(entries: list[Any], folder: str) -> list[Any]:
    return [entry for entry in entries if _is_recent(entry) and entry["folder"] != folder]


def _is_recent(entry: Any) -> bool:
    """Someone may have edited the file."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("folder"), str)
        and entry.keys() <= {"folder", "form", "labels", "encoding"}
        and all(value is None or isinstance(value, str) for value in entry.values())
    )
