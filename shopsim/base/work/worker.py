"""The process in which heavy work runs beside the server: `python -m shopsim.base.work.worker FD`.

`worker_process` starts it.

It runs one task after another and keeps the modules and networks it has loaded. It ends when the server ends, even a
killed one, because the connection is closed then.
"""

from __future__ import annotations

import contextlib
import os
import pickle
import signal
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from multiprocessing.connection import Connection
from queue import SimpleQueue
from typing import Any

from shopsim.base.disk.damage import take_files
from shopsim.base.errors import ShopsimError
from shopsim.base.work.lanes import here
from shopsim.base.work.progress import Stopped

# Nobody could see more reports, and each costs the server time.
_REPORT_S = 0.1
# A lower priority than the pages have, so that a click is answered while every core computes.
_NICENESS = 5


def pack(message: Any) -> list[bytes | memoryview]:
    """Returns the message as parts to send, arrays without a copy. Raises the errors of `pickle`."""
    buffers: list[pickle.PickleBuffer] = []
    body = pickle.dumps(message, protocol=5, buffer_callback=buffers.append)
    return [body, *(buffer.raw() for buffer in buffers)]


def unpack(parts: list[bytearray]) -> Any:
    """Returns the message; its arrays are writable."""
    return pickle.loads(parts[0], buffers=parts[1:])


def send(connection: Connection, parts: list[bytes | memoryview]) -> None:
    """Sends a packed message. Raises OSError if the other side is gone."""
    connection.send_bytes(pickle.dumps([len(part) for part in parts]))
    for part in parts:
        if len(part):
            connection.send_bytes(part)


def receive(connection: Connection) -> list[bytearray]:
    """Waits for a packed message. Raises EOFError or OSError if the other side is gone."""
    parts = [bytearray(size) for size in pickle.loads(connection.recv_bytes())]
    for part in parts:
        if len(part):
            connection.recv_bytes_into(part)
    return parts


class _Report:
    """Sends the progress of a task to the server. Raises Stopped once the server has asked to stop."""

    def __init__(self, answer: Callable[[str, Any], None], is_to_stop: threading.Event) -> None:
        self._answer, self._is_to_stop = answer, is_to_stop
        self._sent_at, self._total = 0.0, -1

    def __call__(self, done: int, total: int) -> None:
        self.look()
        now = time.monotonic()
        if total != self._total or done >= total or now - self._sent_at >= _REPORT_S:
            self._sent_at, self._total = now, total
            self._answer("progress", (done, total))

    def say(self, doing: str) -> None:
        self._answer("doing", doing)

    def look(self) -> None:
        """Raises Stopped if the server has asked to stop."""
        if self._is_to_stop.is_set():
            raise Stopped


class _Worker:
    """The worker's end of the connection; a thread listens, so that a stop is heard while a task runs."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._sending = threading.Lock()
        self._is_to_stop = threading.Event()
        self._tasks: SimpleQueue[list[bytearray]] = SimpleQueue()

    def serve(self) -> None:
        threading.Thread(target=self._listen, daemon=True).start()
        while True:
            self._carry_out(self._tasks.get())

    def _listen(self) -> None:
        while True:
            try:
                parts = receive(self._connection)
            except (EOFError, OSError):
                # The server is gone; a task inside a library's loop would not notice it.
                os._exit(0)
            if len(parts[0]):
                self._is_to_stop.clear()
                self._tasks.put(parts)
            else:
                self._is_to_stop.set()

    def _answer(self, kind: str, content: Any) -> None:
        parts = pack((kind, content))
        with self._sending:
            send(self._connection, parts)

    def _carry_out(self, parts: list[bytearray]) -> None:
        try:
            self._answer("begun", None)
            function, arguments, named = unpack(parts)
            del parts
            report = _Report(self._answer, self._is_to_stop)
            result = here(function, *arguments, progress=report, tell=partial(self._answer, "told"), **named)
            self._answer("damaged", take_files())
            self._answer("result", result)
        except Stopped:
            self._answer("stopped", None)
        except BaseException as error:
            self._answer("failed", _sendable(error))


def _sendable(error: BaseException) -> BaseException:
    """The error, with the traceback of a programming mistake as a note; only its text if it cannot be pickled."""
    if not isinstance(error, ShopsimError):
        error.add_note("".join(traceback.format_exception(error)))
    try:
        pickle.loads(pickle.dumps(error))
    except Exception:
        return RuntimeError(f"{type(error).__name__}: {error}")
    return error


def main() -> None:
    """Serves the connection whose number is the first argument."""
    # Ctrl-C in the terminal is for the server; this process sees the server's end.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with contextlib.suppress(OSError, AttributeError):  # Windows has no niceness.
        os.nice(_NICENESS)
    # Output of libraries belongs in the server's log.
    os.dup2(2, 1)
    _Worker(Connection(int(sys.argv[1]))).serve()


if __name__ == "__main__":
    main()
