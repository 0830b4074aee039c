"""How far a training is, in a file that any process can read; it outlives the page that started the training."""

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
from shopsim.base.work.process_start import process_start
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
    """The state of the last training, as its file has it; someone may have edited the file.

    pid: of the process; 0 and 1 are refused, since a signal to them would reach others. key: of the task; asked: how it
    was asked for, so that the same can be asked again.
    phase: the present step; done, total: of that step. base, since: how much was done at its first report, and when
    that came.
    curve: one dict per pass, as `PassScore`. sentence: how the training ended. result: names of what it kept.
    process_start: of the process `pid`; a later process of that number has another one.
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
    # Earlier versions did not write these two.
    asked: dict[str, Any] = field(default_factory=dict)
    process_start: Number = 0.0

    @property
    def seconds_left(self) -> float | None:
        """Seconds left in the phase at its mean rate; None before there is a rate."""
        took, did = self.updated - self.since, self.done - self.base
        return (self.total - self.done) * took / did if did > 0 and took > _TELLING_S else None


class Diary:
    """Writes the entry of one training, from the process that trains."""

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
            process_start=process_start(os.getpid()) or 0.0,
        )
        self._written = 0.0
        self._write()

    def phase(self, title: str) -> Progress:
        """Begins a phase. Returns its progress, which writes to the disk at most twice a second."""
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
        """Adds one point to the learning curve."""
        self.entry = replace(self.entry, curve=(*self.entry.curve, asdict(score)))
        self._write()

    def end(self, state: State, sentence: str, **result: Any) -> None:
        """Writes how the training ended."""
        self.entry = replace(self.entry, state=state, sentence=sentence, result=result)
        self._write(durable=True)

    def _write(self, durable: bool = False) -> None:
        self._written = time.monotonic()
        entry = asdict(replace(self.entry, updated=time.time()))
        write_bytes(diary_path(), json.dumps(entry, indent=1).encode(), durable)


def diary_path() -> Path:
    """The file with the last training's entry."""
    return home_dir() / "learning.json"


def read_diary() -> Entry | None:
    """The last training's entry; None if there is none that can be read."""
    try:
        entry = record(parsed(diary_path().read_bytes()), Entry)
        pass_scores(entry.curve)
        return entry
    except (OSError, ValueError, ShopsimError):
        return None
