"""Short lists that outlive the server, each a JSON file in the workspace."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from typing import Any

from shopsim.atomic import write_bytes
from shopsim.json_fields import parsed
from shopsim.paths import home_dir

# Two visitors of one server may change a list at once.
_lock = threading.Lock()


def read_list(name: str) -> list[Any]:
    """What is kept under a name; nothing if it is missing or no list. Someone may have edited the file."""
    try:
        entries = parsed((home_dir() / f"{name}.json").read_bytes())
    except (OSError, ValueError):
        return []
    return entries if isinstance(entries, list) else []


def change_list(name: str, change: Callable[[list[Any]], list[Any]]) -> None:
    """Keep what `change` makes of the list; nothing is written where it changes nothing."""
    with _lock:
        before = read_list(name)
        after = change(before)
        if after != before:
            text = json.dumps(after, ensure_ascii=False)
            write_bytes(home_dir() / f"{name}.json", text.encode("utf-8", "backslashreplace"), durable=True)
