"""A PostgreSQL server of a test's own, in a temporary folder; the system's server is left alone."""

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from contextlib import contextmanager
from pathlib import Path

USER, PASSWORD = "shop", "s3cr3t-äß/@"


def programs():
    """The folder of the server's programs; None if there is no server, or nobody whom it would run as."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    path = shutil.which("initdb") or (found[-1] if found else None)
    if path is None or (os.geteuid() == 0 and (shutil.which("runuser") is None or _owner() is None)):
        return None
    return Path(path).parent


@contextmanager
def postgres():
    """Runs a server while the block runs, and gives its port."""
    folder = Path(tempfile.mkdtemp(prefix="shopsim-postgres-"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret, data = folder / "secret", folder / "data"
    secret.write_text(PASSWORD, encoding="utf-8")
    if os.geteuid() == 0:
        for path in (folder, secret):
            shutil.chown(path, _owner())
    try:
        initdb = ["-D", data, "-U", USER, "-A", "scram-sha-256", f"--pwfile={secret}", "-E", "UTF8", "--no-sync"]
        _run("initdb", *initdb)
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {folder} -c fsync=off"
        _run("pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        yield port
    finally:
        if (data / "postmaster.pid").exists():
            _run("pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)


def _run(program, *arguments):
    command = [str(programs() / program), *map(str, arguments)]
    if os.geteuid() == 0:
        # The server refuses to run as root.
        command = ["runuser", "-u", _owner(), "--", *command]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/")


def _owner():
    names = {each.pw_name for each in pwd.getpwall()}
    return next((name for name in ("postgres", "nobody") if name in names), None)
