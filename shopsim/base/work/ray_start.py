"""Starts Ray on this machine for nobody else, or connects to a cluster; every failure is one sentence."""

from __future__ import annotations

import logging
import os
import secrets
import signal
import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from shopsim.base.errors import ShopsimError

AUTO = "auto"
"""The address of the cluster that this machine belongs to."""
_HERE = "127.0.0.1"
# Ray itself asks for minutes, and then ends the process. One attempt of its own may take 40 seconds.
_ANSWER_S = 5.0
_ONE_ATTEMPT = {"RAY_gcs_server_port_wait_time_s": "1"}
_TOKEN = "if it asks for a token, set RAY_AUTH_MODE=token and put the token into ~/.ray/auth_token"
_QUIET = {"RAY_ACCEL_ENV_VAR_OVERRIDE_ON_ZERO": "0", "RAY_BACKEND_LOG_LEVEL": "fatal", "RAY_USAGE_STATS_ENABLED": "0"}
# Without the first, Ray replaces 127.0.0.1 on Linux by the address that other machines reach. Read at Ray's import.
_PRIVATE = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0", "RAY_AUTH_MODE": "token"}


def start_here(n_cpus: int, store_bytes: int, folder: Path) -> None:
    """Starts Ray so that it listens on 127.0.0.1 only, and answers only those who know a new token.

    store_bytes: of its shared memory. folder: for its sockets and logs.
    Raises ShopsimError if it does not start, or if variables that are set would open it to others.
    """
    # The token stays the same in a process, since Ray reads it once.
    _set_variables(_QUIET | _PRIVATE | {"RAY_AUTH_TOKEN": secrets.token_hex(32)})
    with _ready_or_sentence("Ray did not start"):
        _init(
            address="local",
            num_cpus=n_cpus,
            object_store_memory=store_bytes,
            include_dashboard=False,
            _node_ip_address=_HERE,
            _temp_dir=str(folder),
        )
        _check_is_private()


def connect(address: str) -> None:
    """Connects to a cluster: HOST:PORT, or AUTO. Raises ShopsimError if it does not answer."""
    _check_answers(address)
    _set_variables(_QUIET | _ONE_ATTEMPT)
    with _ready_or_sentence(f"Cannot connect to Ray at '{address}'", f"; {_TOKEN}"):
        _init(address=address)


def first_line(error: BaseException) -> str:
    """Returns the first sentence of an error's text, or its kind, without the full stop."""
    lines = str(error).strip().splitlines() or [type(error).__name__]
    return lines[0].partition(". ")[0].strip().rstrip(".:")


def _check_answers(address: str) -> None:
    """Raises ShopsimError for an address of another form, and if nothing answers there."""
    if address == AUTO:
        return
    host, _, port = address.rpartition(":")
    if not host or "/" in address or not (port.isascii() and port.isdigit() and 0 < int(port) < 2**16):
        raise ShopsimError(f"The address of Ray is '{address}'; give HOST:PORT, or {AUTO} on a machine of the cluster.")
    try:
        socket.create_connection((host.strip("[]"), int(port)), _ANSWER_S).close()
    except OSError as error:
        raise ShopsimError(
            f"Nothing answers at '{address}' ({error.strerror or error}); give the address that `ray status` shows."
        ) from error


def _set_variables(values: dict[str, str]) -> None:
    for name, value in values.items():
        # What a person has set stays.
        os.environ.setdefault(name, value)


def _init(**options: Any) -> None:
    """Starts or connects, without Ray's log lines, and with the same answer to SIGTERM as before."""
    import ray

    is_main = threading.current_thread() is threading.main_thread()
    before = signal.getsignal(signal.SIGTERM) if is_main else None
    try:
        with silenced():
            ray.init(log_to_driver=False, logging_level=logging.ERROR, **options)
        # Else a process that dies, or is ended by Ctrl-C, is told of among our lines.
        ray._private.worker._worker_logs_enabled = False
    finally:
        if before is not None:
            signal.signal(signal.SIGTERM, before)


@contextmanager
def silenced() -> Iterator[None]:
    """Drops what Ray's own code prints, past Python, until the block ends."""
    sys.stderr.flush()
    kept, nothing = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    os.dup2(nothing, 2)
    os.close(nothing)
    try:
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)


@contextmanager
def _ready_or_sentence(failure: str, hint: str = "") -> Iterator[None]:
    """Turns what Ray raises while it starts into one sentence."""
    try:
        yield
    except ShopsimError:
        raise
    except (SystemExit, TimeoutError) as error:
        # When its time is up, Ray may end the process by a signal.
        raise _too_late(failure) from error
    except Exception as error:
        # Ray's time-outs, and no other of its errors, are plain exceptions.
        if type(error) is Exception:
            raise _too_late(failure) from error
        raise ShopsimError(f"{failure}: {first_line(error)}{hint}.") from error


def _too_late(failure: str) -> ShopsimError:
    return ShopsimError(f"{failure}: it was not ready in time; try again when the machines are less busy.")


def _check_is_private() -> None:
    """Raises ShopsimError if other machines could reach the Ray that was started here."""
    import ray
    from ray._raylet import AuthenticationMode, get_authentication_mode

    if ray.util.get_node_ip_address() != _HERE or get_authentication_mode() != AuthenticationMode.TOKEN:
        raise ShopsimError(
            f"Ray would be open to others, since {' or '.join(_PRIVATE)} is set in another way; unset it, or start a "
            "cluster by yourself and give --ray-address."
        )
