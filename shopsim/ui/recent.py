"""The catalogues opened lately, for the lists in the sidebar and on the Catalogs page."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import Any

from shopsim.atomic import write_bytes
from shopsim.paths import home_dir

_KEEP = 12


@dataclass(frozen=True)
class Recent:
    """How a catalogue was opened: its folder, the form asked for, and the file of true models."""

    folder: str
    form: str | None = None
    labels: str | None = None


def recent_catalogs() -> list[Recent]:
    """The latest first; those that are gone stay, since a drive may come back."""
    try:
        entries = json.loads((home_dir() / "recent.json").read_bytes())
    except (OSError, ValueError):
        return []
    return [Recent(**entry) for entry in entries if _is_recent(entry)] if isinstance(entries, list) else []


def remember(opened: Recent) -> None:
    """Put a catalogue first, in place of how its folder was opened before."""
    known = recent_catalogs()
    if known[:1] != [opened]:
        _write([opened, *(other for other in known if other.folder != opened.folder)][:_KEEP])


def forget(folder: str) -> None:
    """Take a folder off the list."""
    _write([known for known in recent_catalogs() if known.folder != folder])


def _write(catalogs: list[Recent]) -> None:
    text = json.dumps([asdict(catalog) for catalog in catalogs], ensure_ascii=False)
    write_bytes(home_dir() / "recent.json", text.encode("utf-8", "backslashreplace"))


def _is_recent(entry: Any) -> bool:
    """Someone may have edited the file."""
    return (
        isinstance(entry, dict)
        and isinstance(entry.get("folder"), str)
        and entry.keys() <= {"folder", "form", "labels"}
        and all(value is None or isinstance(value, str) for value in entry.values())
    )
