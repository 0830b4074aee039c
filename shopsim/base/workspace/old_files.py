"""Takes over, once, the JSON files in which earlier versions kept lists in the workspace; the files stay there."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, TypeVar

import msgspec

from shopsim.base.disk.damage import note_damage
from shopsim.base.disk.store import digest_of
from shopsim.base.paths import is_file
from shopsim.base.same_name import composed
from shopsim.base.workspace.rows import put
from shopsim.base.workspace.schema import DECISIONS, RECENT, TRUSTED

_DECISIONS, _RECENT, _TRUSTED = "corrections", "recent.json", "trusted-networks.json"

T = TypeVar("T")


class _Decision(msgspec.Struct, forbid_unknown_fields=True):
    digest: str
    given: str
    verdict: str
    suggested: str | None = None


class _Recent(msgspec.Struct, forbid_unknown_fields=True):
    folder: str
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None


class _Trusted(msgspec.Struct):
    network: str
    contents: str | None


def are_there(home: Path) -> bool:
    """Returns whether an earlier version left any of these files."""
    return any(_paths(home))


def take_over(db: sqlite3.Connection, home: Path) -> None:
    """Fills empty tables from the files; a file that cannot be read completely is reported once."""
    for path in _decision_files(home):
        _take_decisions(db, path)
    for place, recent in enumerate(_records(home / _RECENT, _Recent)):
        put(db, RECENT, place, recent.folder, recent.form, recent.labels, recent.encoding)
    for trusted in _records(home / _TRUSTED, _Trusted):
        put(db, TRUSTED, trusted.network, trusted.contents)


def earlier_key(folder: str, digest: str) -> str:
    """Returns the key of a taken over decision on a photo that is not there, by the place of its catalogue.

    folder: the digest of the catalogue's place, which is also the name of the file that kept the decision.
    """
    return digest_of("decided in", folder, digest)


def _take_decisions(db: sqlite3.Connection, path: Path) -> None:
    content = _parsed(path)
    entries = content.get("decisions") if isinstance(content, dict) else None
    # A catalogue of vectors may name photos that are not there.
    is_of_vectors = isinstance(content, dict) and str(content.get("folder")).lower().endswith(".npy")
    for decision in _sound(path, entries, _Decision):
        suggested = None if decision.suggested is None else composed(decision.suggested)
        keys = [decision.digest, *([earlier_key(path.stem, decision.digest)] if is_of_vectors else [])]
        try:
            for key in keys:
                put(db, DECISIONS, key, composed(decision.given), decision.verdict, suggested)
        except sqlite3.IntegrityError:
            _note(path)


def _records(path: Path, kind: type[T]) -> Iterator[T]:
    return _sound(path, _parsed(path), kind) if is_file(path) else iter(())


def _sound(path: Path, entries: Any, kind: type[T]) -> Iterator[T]:
    """Gives the entries of that kind; anything else is reported."""
    if not isinstance(entries, list):
        _note(path)
        return
    for entry in entries:
        try:
            yield msgspec.convert(entry, kind)
        except (ValueError, RecursionError):
            _note(path)


def _parsed(path: Path) -> Any:
    """Returns the value in JSON text, None if it cannot be read: somebody may have edited the file."""
    try:
        return json.loads(path.read_bytes())
    except (OSError, ValueError, RecursionError):
        return None


def _note(path: Path) -> None:
    note_damage(f"Not all of '{path}' can be read, and only the rest of it was taken over; the file is kept.")


def _paths(home: Path) -> list[Path]:
    return [*_decision_files(home), *filter(is_file, (home / _RECENT, home / _TRUSTED))]


def _decision_files(home: Path) -> list[Path]:
    """Returns the files of decisions, the latest last, since its decisions replace earlier ones on the same label."""
    found = {}
    for path in (home / _DECISIONS).glob("*.json"):
        with suppress(OSError):  # Somebody may be moving it away.
            found[path] = path.stat().st_mtime_ns
    return sorted(found, key=lambda path: (found[path], path.name))
