"""How far a learning is, in a file that any process can read: it outlives the page that asked for it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

from shopsim.base.disk.checked_json import number, parsed, plain_object, text, whole_number
from shopsim.base.disk.files import write_bytes
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.base.work.process_start import process_start
from shopsim.base.work.progress import Progress
from shopsim.learning.network.passes import PassScore
from shopsim.learning.read_back import pass_scores

_EVERY_S = 0.5
# Over less time a rate says nothing.
_TELLING_S = 2.0
RUNNING, DONE, STOPPED, FAILED = "running", "done", "stopped", "failed"


@dataclass(frozen=True)
class Entry:
    """The state of the last learning.

    catalog: its name; key: of what it was asked to learn; asked: how, so that it can be asked the same again.
    phase: what is being done now; done, total: of that. base, since: what was done of it at the first report, and
    when that came.
    curve: a dict for each pass, as `PassScore`. sentence: how it ended. result: names of what it kept.
    process_start: of the process `pid`; with it a later process of that number is told apart.
    """

    pid: int
    key: str
    what: str
    catalog: str
    started: float
    state: str = RUNNING
    phase: str = ""
    done: int = 0
    total: int = 0
    curve: tuple[dict[str, Any], ...] = ()
    sentence: str = ""
    result: dict[str, Any] = field(default_factory=dict)
    updated: float = 0.0
    base: int = 0
    since: float = 0.0
    asked: dict[str, Any] = field(default_factory=dict)
    process_start: float = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Of the phase, at its mean rate; None before there is one."""
        took, did = self.updated - self.since, self.done - self.base
        return (self.total - self.done) * took / did if did > 0 and took > _TELLING_S else None


class Diary:
    """Writes the entry of one learning; it is the process that learns."""

    def __init__(self, key: str, what: str, catalog: str, asked: dict[str, Any]) -> None:
        own_start = process_start(os.getpid()) or 0.0
        self.entry = Entry(os.getpid(), key, what, catalog, time.time(), asked=asked, process_start=own_start)
        self._written = 0.0
        self._write()

    def phase(self, title: str) -> Progress:
        """Begin a phase; the progress to be reported to, a disk write at most twice a second."""
        self.entry = replace(self.entry, phase=title, done=0, total=0)
        self._write()

        def report(done: int, total: int) -> None:
            if total != self.entry.total or done < self.entry.done:
                # What an earlier run had finished counts as done but not towards the rate.
                self.entry = replace(self.entry, base=done, since=time.time())
            self.entry = replace(self.entry, done=done, total=total)
            if time.monotonic() - self._written > _EVERY_S:
                self._write()

        return report

    def score(self, score: PassScore) -> None:
        """One more point of the learning curve."""
        self.entry = replace(self.entry, curve=(*self.entry.curve, asdict(score)))
        self._write()

    def end(self, state: str, sentence: str, **result: Any) -> None:
        """The last thing to be said."""
        self.entry = replace(self.entry, state=state, sentence=sentence, result=result)
        self._write(durable=True)

    def _write(self, durable: bool = False) -> None:
        self._written = time.monotonic()
        entry = asdict(replace(self.entry, updated=time.time()))
        write_bytes(diary_path(), json.dumps(entry, indent=1).encode(), durable)


def diary_path() -> Path:
    """Where the last learning is told of."""
    return home_dir() / "learning.json"


def read_diary() -> Entry | None:
    """The last learning's entry; None if there is none that can be read."""
    try:
        values = parsed(diary_path().read_bytes())
        return _checked(values)
    except (OSError, ValueError, TypeError, ShopsimError):
        return None


def _checked(values: Any) -> Entry:
    """The entry of a file that someone may have edited; its number is one that a signal may be sent to."""
    texts = {name: text(values, name) for name in ("key", "what", "catalog", "state", "phase", "sentence")}
    counts = {name: whole_number(values, name) for name in ("done", "total", "base")}
    times = {name: number(values, name) for name in ("started", "updated", "since")}
    if texts["state"] not in (RUNNING, DONE, STOPPED, FAILED):
        raise ShopsimError(f"The state '{texts['state'][:50]}' is unknown.")
    pass_scores(values.get("curve"))
    return Entry(
        pid=whole_number(values, "pid", low=2),
        curve=tuple(values["curve"]),
        result=plain_object(values, "result"),
        # One written by an earlier version does not say.
        asked=plain_object(values, "asked") if "asked" in values else {},
        process_start=number(values, "process_start") if "process_start" in values else 0.0,
        **texts,
        **counts,
        **times,
    )
