"""`python -m shopsim` and the command `shopsim`; `shopsim.cli` says what other programs may rely on."""

import io
import signal
import sys

from shopsim.cli.main import main


def start() -> int:
    """Runs the command line as a program of its own, and returns its exit code."""
    # A stopped run tidies up as one ended with Ctrl-C does.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            # A file name that the terminal cannot show must not end the run.
            stream.reconfigure(errors="backslashreplace")
    return main()


if __name__ == "__main__":
    sys.exit(start())
