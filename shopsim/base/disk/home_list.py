"""Short lists that outlive the server, each a JSON file in the workspace."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

from shopsim.base.disk.checked_json import parsed
from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir

# Two visitors of one server may change a list at once.
_lock = threading.Lock()
# Lists that the disk refused, and why: who may only look at a catalogue can still open it.
_unwritten: dict[Path, tuple[list[Any], str]] = {}


def read_list(name: str) -> list[Any]:
    """What is kept under a name; nothing if it is missing or no list. Someone may have edited the file."""
    path = _path(name)
    if path in _unwritten:
        return _unwritten[path][0]
    try:
        entries = parsed(path.read_bytes())
    except (OSError, ValueError):
        return []
    return entries if isinstance(entries, list) else []


def change_list(name: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """Keep what `change` makes of the list, until the server ends if the disk refuses it."""
    with _lock:
        before = read_list(name)
        after = change(before)
        if after != before:
            text = json.dumps(after, ensure_ascii=False)
            try:
                write_bytes(_path(name), text.encode("utf-8", "backslashreplace"), durable=True)
                _unwritten.pop(_path(name), None)
            except ShopsimError as error:
                _unwritten[_path(name)] = after, str(error)


def why_unwritten(name: str) -> str:
    """The sentence with which the disk refused the list as it is now; '' if it is kept."""
    return _unwritten.get(_path(name), ([], ""))[1]


def _path(name: str) -> Path:
    return home_dir() / f"{name}.json"
