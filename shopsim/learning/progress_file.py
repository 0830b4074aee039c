"""How far a learning is, in a file that any process can read: it outlives the page that asked for it."""

from __future__ import annotations

import json
import os
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Annotated, Any, Literal, get_args

from msgspec import Meta

from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.records import Number, Whole, parsed, record
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir
from shopsim.base.work.progress import Progress
from shopsim.learning.network.passes import PassScore
from shopsim.learning.read_back import pass_scores

_EVERY_S = 0.5
# Over less time a rate says nothing.
_TELLING_S = 2.0
State = Literal["running", "done", "stopped", "failed"]
RUNNING, DONE, STOPPED, FAILED = get_args(State)


@dataclass(frozen=True)
class Entry:
    """The state of the last learning, as its file has it; someone may have edited that.

    pid: of the process, never one that stands for many or for the system's first.
    catalog: its name; key: of what it was asked to learn; asked: how, so that it can be asked the same again.
    phase: what is being done now; done, total: of that. base, since: what was done of it at the first report, and
    when that came.
    curve: a dict for each pass, as `PassScore`. sentence: how it ended. result: names of what it kept.
    """

    pid: Annotated[int, Meta(ge=2, le=2**31 - 1)]
    key: str
    what: str
    catalog: str
    started: Number
    state: State
    phase: str
    done: Whole
    total: Whole
    curve: tuple[dict[str, Any], ...]
    sentence: str
    result: dict[str, Any]
    updated: Number
    base: Whole
    since: Number
    # An earlier version did not write it.
    asked: dict[str, Any] = field(default_factory=dict)

    @property
    def seconds_left(self) -> float | None:
        """Of the phase, at its mean rate; None before there is one."""
        took, did = self.updated - self.since, self.done - self.base
        return (self.total - self.done) * took / did if did > 0 and took > _TELLING_S else None


class Diary:
    """Writes the entry of one learning; it is the process that learns."""

    def __init__(self, key: str, what: str, catalog: str, asked: dict[str, Any]) -> None:
        self.entry = Entry(
            pid=os.getpid(),
            key=key,
            what=what,
            catalog=catalog,
            started=time.time(),
            state=RUNNING,
            phase="",
            done=0,
            total=0,
            curve=(),
            sentence="",
            result={},
            updated=0.0,
            base=0,
            since=0.0,
            asked=asked,
        )
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
        entry = record(parsed(diary_path().read_bytes()), Entry)
        pass_scores(entry.curve)
        return entry
    except (OSError, ValueError, ShopsimError):
        return None
