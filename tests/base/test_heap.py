"""Freed memory goes back to the system."""

import subprocess
import sys

import pytest

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="glibc is Linux's C library")

# Arrays below the size that glibc maps by itself, freed but for the last: it pins the heap that holds them.
FREED = """
import threading
import numpy as np
from pathlib import Path
from shopsim.base.work.heap import give_back, share_heaps

def resident_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 / 1e6

kept = []
def work():
    arrays = [np.ones(8000) for _ in range(500)]
    kept.append(arrays[-1])
{share}
before = resident_mb()
threads = [threading.Thread(target=work) for _ in range(8)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
held = resident_mb()
give_back()
print(before, held, resident_mb())
"""


def numbers_of(script):
    ended = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    return [float(number) for number in ended.stdout.split()]


def test_what_was_freed_is_given_back():
    before, held, after = numbers_of(FREED.format(share=""))
    assert held - before > 20
    assert after - before < 10


ARENAS = """
import ctypes, threading
from shopsim.base.work.heap import share_heaps
libc = ctypes.CDLL(None)
libc.open_memstream.restype = ctypes.c_void_p
{share}
barrier = threading.Barrier(12)
def work():
    bytearray(100_000)
    barrier.wait()
threads = [threading.Thread(target=work) for _ in range(12)]
for thread in threads:
    thread.start()
for thread in threads:
    thread.join()
text, size = ctypes.c_char_p(), ctypes.c_size_t()
stream = ctypes.c_void_p(libc.open_memstream(ctypes.byref(text), ctypes.byref(size)))
libc.malloc_info(0, stream)
libc.fclose(stream)
print(text.value.count(b"<heap nr="))
"""


def test_threads_share_two_heaps():
    assert numbers_of(ARENAS.format(share="")) > [2]
    assert numbers_of(ARENAS.format(share="share_heaps()")) <= [2]
