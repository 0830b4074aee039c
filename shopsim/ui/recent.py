"""The folders opened lately, for the list in the sidebar."""

from __future__ import annotations

import json

from shopsim.atomic import write_bytes
from shopsim.paths import home_dir

_KEEP = 12


def recent_folders() -> list[str]:
    """The latest first; those that are gone stay, since a drive may come back."""
    try:
        folders = json.loads((home_dir() / "recent.json").read_bytes())
    except (OSError, ValueError):
        return []
    return [folder for folder in folders if isinstance(folder, str)] if isinstance(folders, list) else []


def remember_folder(folder: str) -> None:
    """Put a folder first."""
    folders = recent_folders()
    if folders[:1] != [folder]:
        others = [known for known in folders if known != folder]
        write_bytes(home_dir() / "recent.json", json.dumps([folder, *others][:_KEEP], ensure_ascii=False).encode())


def forget_folder(folder: str) -> None:
    """Take a folder off the list."""
    others = [known for known in recent_folders() if known != folder]
    write_bytes(home_dir() / "recent.json", json.dumps(others, ensure_ascii=False).encode())
