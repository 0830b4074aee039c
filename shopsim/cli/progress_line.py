"""Progress on stderr: one line that rewrites itself on a terminal, a line now and then elsewhere."""

from __future__ import annotations

import shutil
import sys
import time
from types import TracebackType
from typing import Self, TextIO

from shopsim.cli.terminal import printable

_REWRITE_S = 0.1
_LINE_S = 10.0
_CLEAR_TO_END = "\x1b[K"


class ProgressLine:
    """A progress to be called with (done, total), around the work it tells of.

    unit: what is counted, '' for steps that have no name. initial: what was done already at the first call, so not by
    this run; done: at the last call.
    """

    def __init__(self, title: str, stream: TextIO | None = None, unit: str = "photos") -> None:
        self.initial = 0
        self.done = 0
        self._total = 0
        self._title = title
        self._unit = f" {unit}" if unit else ""
        self._stream = sys.stderr if stream is None else stream
        self._rewrites = self._stream.isatty()
        self._started: float | None = None
        self._shown = time.monotonic()

    def __call__(self, done: int, total: int) -> None:
        """Show how far the work is, unless that was shown a moment ago."""
        now = time.monotonic()
        if self._started is None:
            self._started, self.initial = now, done
        self.done, self._total = done, total
        if now - self._shown >= (_REWRITE_S if self._rewrites else _LINE_S):
            self._shown = now
            self._write(self._line(now - self._started))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leave one last line behind, if the work reported anything."""
        if error is None:
            # Some work reports only now and then, so not its end.
            self.done = self._total
        if self._started is not None and self._total:
            self._write(self._last_line(time.monotonic() - self._started))
            if self._rewrites:
                self._stream.write("\n")
                self._stream.flush()

    def _line(self, elapsed: float) -> str:
        rate = (self.done - self.initial) / elapsed if elapsed > 0 else 0.0
        left = f", {duration((self._total - self.done) / rate)} left" if rate > 0 else ""
        return f"{self._count()}, {rate:,.1f}/s{left}"

    def _last_line(self, elapsed: float) -> str:
        computed = self.done - self.initial
        if not computed:
            return f"{self._count()}, known from before"
        rate = f", {computed / elapsed:,.1f}/s" if elapsed > 0 else ""
        return f"{self._count()}{rate}, {duration(elapsed)}"

    def _count(self) -> str:
        return f"{self._title}: {self.done:,} of {self._total:,}{self._unit}"

    def _write(self, line: str) -> None:
        line = printable(line)
        if self._rewrites:
            width = shutil.get_terminal_size().columns
            self._stream.write(f"\r{line[: width - 1]}{_CLEAR_TO_END}")
        else:
            self._stream.write(f"{line}\n")
        self._stream.flush()


def duration(seconds: float) -> str:
    """As people say it: 4 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
