"""How many bytes several processes held at the same time, by what they print."""

import subprocess
import sys


def most_held(code, n_processes, n_times):
    """The most bytes that processes of this code held together.

    code: each process, given its number, takes bytes `n_times`; it prints when it began and the bytes, then when it
    ended and the bytes with a minus, one line each.
    """
    running = [
        subprocess.Popen([sys.executable, "-c", code, str(number)], stdout=subprocess.PIPE, text=True)
        for number in range(n_processes)
    ]
    lines = [line.split() for process in running for line in process.communicate(timeout=120)[0].splitlines()]
    assert [process.returncode for process in running] == [0] * n_processes
    assert len(lines) == n_processes * n_times * 2
    held, most = 0, 0
    for _, n_bytes in sorted((float(when), int(n_bytes)) for when, n_bytes in lines):
        held += n_bytes
        most = max(most, held)
    return most
