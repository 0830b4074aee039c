"""One worker process as the server sees it: the server gives it tasks, watches it, stops it and reports its death."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import suppress
from multiprocessing import Pipe
from pathlib import Path
from typing import Any

from shopsim.base.disk.damage import note_damage
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress, Stopped, say
from shopsim.base.work.worker import receive, send, unpack

LOOK_S = 0.25
"""How often a waiting job checks whether it was asked to stop."""
# The kinds of message that end a task.
_LAST = ("result", "stopped", "failed")


class ProcessGoneError(ShopsimError):
    """The process died. has_begun: whether it had received the task; if not, another process may run the task."""

    def __init__(self, sentence: str, has_begun: bool) -> None:
        super().__init__(sentence)
        self.has_begun = has_begun


class WorkerProcess:
    """One worker process, as the server sees it."""

    def __init__(self, grace_s: float) -> None:
        self._grace_s = grace_s
        self.idle_since = 0.0
        self._has_begun = False
        self._connection, theirs = Pipe()
        package = str(Path(__file__).parents[3])
        paths = [package, *filter(None, [os.environ.get("PYTHONPATH")])]
        self._process = subprocess.Popen(
            [sys.executable, "-P", "-m", "shopsim.base.work.worker", str(theirs.fileno())],
            stdin=subprocess.DEVNULL,
            env=os.environ | {"PYTHONPATH": os.pathsep.join(paths)},
            pass_fds=[theirs.fileno()],
        )
        theirs.close()

    def is_alive(self) -> bool:
        return self._process.poll() is None and not self._connection.closed

    def end(self) -> None:
        """Kills the process; each of its files is written whole or not at all."""
        with suppress(OSError):
            self._connection.close()
        self._process.kill()
        self._process.wait()

    def carry_out(self, parts: list[bytes | memoryview], progress: Progress, tell: Callable[[Any], None] | None) -> Any:
        """Returns the result of the task. Raises its errors, Stopped, and ProcessGoneError if the process dies."""
        self._has_begun = False
        try:
            send(self._connection, parts)
            kind, content = self._answer(progress, tell)
        except Stopped:
            self._stop()
            raise
        except (EOFError, OSError) as error:
            # A plain OSError means that it died within a message.
            raise ProcessGoneError(self._why_it_ended(), self._has_begun) from error
        except BaseException:
            self.end()
            raise
        if kind == "stopped":
            raise Stopped
        if kind == "failed":
            raise content
        return content

    def _answer(self, progress: Progress, tell: Callable[[Any], None] | None) -> tuple[str, Any]:
        """(kind, content) of the message that ends the task; earlier messages are passed on."""
        done = total = 0
        while True:
            if not self._connection.poll(LOOK_S):
                progress(done, total)
                continue
            kind, content = unpack(receive(self._connection))
            if kind == "begun":
                self._has_begun = True
            elif kind == "progress":
                done, total = content
                progress(done, total)
            elif kind == "doing":
                say(progress, content)
            elif kind == "damaged":
                for path in content:
                    note_damage(path)
            elif kind == "told":
                if tell is not None:
                    tell(content)
            else:
                return kind, content

    def _stop(self) -> None:
        """Asks the process to stop; ends it if it does not react."""
        deadline = time.monotonic() + self._grace_s
        try:
            send(self._connection, [b""])
            while (left := deadline - time.monotonic()) > 0:
                if self._connection.poll(left) and unpack(receive(self._connection))[0] in _LAST:
                    return
        except (EOFError, OSError):
            pass
        self.end()

    def _why_it_ended(self) -> str:
        with suppress(subprocess.TimeoutExpired):
            # The connection closes a moment before the system knows how the process ended.
            self._process.wait(1)
        self.end()
        code = self._process.returncode
        if code >= 0:
            how = f"it ended with code {code}"
        else:
            killed = -code == signal.SIGKILL
            how = "it was killed, as by a system that is short of memory" if killed else f"it crashed (signal {-code})"
        return f"The process that computes this is gone: {how}. What was done is kept; try again."
