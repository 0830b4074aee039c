"""Shows progress on stderr: one line that is rewritten on a terminal, a line per ten seconds elsewhere."""

from __future__ import annotations

import shutil
import sys
import threading
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, TextIO

from tqdm import tqdm

from shopsim.cli.terminal import printable

_REWRITE_S = 0.1
_LINE_S = 10.0
_CLEAR_TO_END = "\x1b[K"


class ProgressLine:
    """Is called with (done, total) by the work in its block, and shows how far that is.

    unit: what is counted, '' for steps without a name. initial: how much an earlier run had done, as the first call
    says; done: as the last call says.
    """

    def __init__(self, title: str, stream: TextIO | None = None, unit: str = "photos") -> None:
        self.initial = 0
        self.done = 0
        self._has_begun = False
        self._title, self._unit = title, f" {unit}" if unit else ""
        self._stream = sys.stderr if stream is None else stream
        self._line: _Line | None = None

    def __call__(self, done: int, total: int) -> None:
        """Shows how far the work is, unless that was shown a moment ago."""
        if not self._has_begun:
            self._has_begun, self.initial = True, done
        self.done = done
        if self._line is None and total:
            self._line = _Line(self._title, self._unit, self._stream, self.initial, total)
        if self._line is not None:
            self._line.total = total
            self._line.update(done - self._line.n)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Leaves one last line behind, if the work reported anything."""
        if self._line is None:
            return
        if error is None:
            # Some work reports only now and then, and not its end.
            self._line.n = self.done = self._line.total
        self._line.end()


class _Line(tqdm):
    """The line of tqdm, which knows when to write and how fast the work is, in our words."""

    # tqdm's thread rewrites lines that stand still; ours may stand still.
    monitor_interval = 0

    def __init__(self, title: str, unit: str, stream: TextIO, initial: int, total: int) -> None:
        self._rewrites, self._is_last = stream.isatty(), False
        every = _REWRITE_S if self._rewrites else _LINE_S
        super().__init__(
            desc=title,
            unit=unit,
            file=stream,
            initial=initial,
            total=total,
            mininterval=every,
            miniters=1,
            delay=0 if self._rewrites else every,
            position=0,
        )

    def end(self) -> None:
        """Writes the last line, unless TQDM_DISABLE turns all lines off."""
        if self.disable:
            return
        self._is_last = True
        self.refresh()
        if self._rewrites:
            self.fp.write("\n")
            self.fp.flush()
        self.disable = True

    def __del__(self) -> None:
        """Writes nothing: a line that nobody ended stays as it is."""

    def __str__(self) -> str:
        found = self.format_dict
        computed, elapsed = found["n"] - found["initial"], found["elapsed"]
        count = f"{found['prefix']}: {found['n']:,} of {found['total']:,}{found['unit']}"
        if self._is_last and not computed:
            return f"{count}, known from before"
        rate = computed / elapsed if elapsed > 0 else 0.0
        if self._is_last:
            return f"{count}{f', {rate:,.1f}/s' if elapsed > 0 else ''}, {duration(elapsed)}"
        left = f", {duration((found['total'] - found['n']) / rate)} left" if rate > 0 else ""
        return f"{count}, {rate:,.1f}/s{left}"

    @staticmethod
    def status_printer(file: Any) -> Callable[[str], None]:
        """Returns what writes a line: over the last one on a terminal, below it elsewhere."""

        def write(line: str) -> None:
            line = printable(line)
            if file.isatty():
                width = shutil.get_terminal_size().columns
                file.write(f"\r{line[: width - 1]}{_CLEAR_TO_END}")
            else:
                file.write(f"{line}\n")
            file.flush()

        return write


# The default lock reaches over processes, which on some systems starts one more.
_Line.set_lock(threading.RLock())


def duration(seconds: float) -> str:
    """Returns the time as people say it: 4 s, 3 min 20 s, 2 h 5 min."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"
