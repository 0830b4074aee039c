"""The app as a process of its own, and questions that no browser would ask it."""

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[2]
START_S = 60
_ANSWER_S = 30
_UPGRADE = [
    "Upgrade: websocket",
    "Connection: Upgrade",
    "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    "Sec-WebSocket-Version: 13",
]


def copy_of_the_app(folder):
    """The folder, with a copy of the app in it: its thumbnails stay out of the project."""
    shutil.copy(PROJECT / "app.py", folder)
    for part in ("pages", "shopsim", ".streamlit"):
        shutil.copytree(PROJECT / part, folder / part, ignore=shutil.ignore_patterns("__pycache__"))
    return folder


@contextmanager
def served(folder, log, places, *options):
    """The port of the app in that folder, until the block ends. places: environment variables."""
    port = free_port()
    command = [sys.executable, "-m", "streamlit", "run", "app.py", "--server.headless", "true", *options]
    kept = {name: value for name, value in os.environ.items() if not name.startswith("SHOPSIM_")}
    with log.open("wb") as output:
        server = subprocess.Popen(
            [*command, "--server.port", str(port)],
            cwd=folder,
            env=kept | places,
            stdout=output,
            stderr=subprocess.STDOUT,
        )
    try:
        wait_until_it_answers(port, server, log)
        yield port
    finally:
        server.terminate()
        server.wait(20)


def free_port():
    """A port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("localhost", 0))
        return probe.getsockname()[1]


def wait_until_it_answers(port, server, log):
    """Fail with what the server said if it does not come up."""
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and server.poll() is None:
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2).close()
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
        else:
            return
    pytest.fail(f"The app did not start: {log.read_text(errors='replace')[-2000:]}")


def ask(port, path="/", hosts=(), origins=(), method="GET", more=()):
    """(status, whole answer) to a request with exactly these headers."""
    lines = [f"{method} {path} HTTP/1.1", *_named(hosts, origins), *more, "Connection: close"]
    with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_S) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return _answer(connection)


def connect(port, hosts=(), origins=()):
    """The status that a WebSocket is answered with: 101 where it is opened."""
    lines = ["GET /_stcore/stream HTTP/1.1", *_named(hosts, origins), *_UPGRADE]
    with socket.create_connection(("127.0.0.1", port), timeout=_ANSWER_S) as connection:
        connection.sendall("\r\n".join([*lines, "", ""]).encode())
        return int(connection.recv(4096).split()[1])


def _named(hosts, origins):
    return [*(f"Host: {host}" for host in hosts), *(f"Origin: {origin}" for origin in origins)]


def _answer(connection):
    parts = []
    while part := connection.recv(65536):
        parts.append(part)
    text = b"".join(parts).decode(errors="replace")
    return int(text.split()[1]), text
