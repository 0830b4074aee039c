"""`run`: opens the dashboard, as `streamlit run app.py` does in a checkout."""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
from typing import NoReturn

from shopsim.base.paths import dashboard_dir

SUMMARY = "Open the dashboard in a browser; Ctrl-C ends it."
PASSED_ON = (
    "Every further option is passed on to Streamlit: --server.port 8600 for another port, --server.headless true to "
    "open no browser, --server.address 0.0.0.0 for other machines. `streamlit run --help` lists them all."
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What the command takes."""
    parser.usage, parser.epilog = "%(prog)s [-h] [OPTIONS OF STREAMLIT]", PASSED_ON


def run(args: argparse.Namespace) -> NoReturn:
    """Becomes the server: signals and Ctrl-C reach it without a process in between."""
    # Without -P, a module in the folder where it is started could take the place of a library's.
    command = [sys.executable, "-P", "-m", "streamlit", "run", str(dashboard_dir() / "app.py"), *args.passed_on]
    if os.name == "nt":
        # Windows starts a second process, and the shell would not wait for it.
        sys.exit(subprocess.call(command))
    os.execv(command[0], command)
