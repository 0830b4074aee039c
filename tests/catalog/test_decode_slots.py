"""All processes that decode photos keep to one share of the memory together, and one that is killed takes none."""

import signal
import subprocess
import sys
import time

import pytest
from held_at_once import most_held

from shopsim.catalog.photos import decode_memory, decode_slots
from shopsim.catalog.photos.decode_memory import Allowance
from shopsim.catalog.photos.decode_slots import LITTLE, SLOT_BYTES, others_hold_slots, slots_held
from shopsim.catalog.photos.unreadable import RefusedPhotoError

# Ten photos of random sizes, in two threads; says when it began and ended to hold how much.
DECODER = """
import random, sys, threading, time
from shopsim.catalog.photos import decode_memory
decode_memory.free_memory = lambda: 600 << 20
said = threading.Lock()
def decode(seed):
    chance = random.Random(seed)
    for _ in range(10):
        n_bytes = chance.randrange(5 << 20, 250 << 20)
        with decode_memory.allowance.taking(n_bytes):
            began = time.monotonic()
            time.sleep(0.02)
            ended = time.monotonic()
        with said:
            print(began, n_bytes)
            print(ended, -n_bytes)
threads = [threading.Thread(target=decode, args=(10 * int(sys.argv[1]) + number,)) for number in range(2)]
[thread.start() for thread in threads]
[thread.join() for thread in threads]
"""
HOLDER = """
import sys, time
from shopsim.catalog.photos import decode_memory
decode_memory.free_memory = lambda: int(sys.argv[1])
with decode_memory.allowance.taking(int(sys.argv[2])):
    print("holding", flush=True)
    time.sleep(600)
"""


@pytest.fixture
def holder():
    """Starts a process that holds bytes of its share until it is killed."""
    started = []

    def hold(free, n_bytes):
        command = [sys.executable, "-c", HOLDER, str(free), str(n_bytes)]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True)
        started.append(process)
        assert process.stdout.readline() == "holding\n"
        return process

    yield hold
    for process in started:
        process.kill()
        process.communicate()


def test_processes_together_keep_to_one_share():
    most = most_held(DECODER, n_processes=4, n_times=2 * 10)
    # Half of 600 MB may be taken; one photo alone takes less than 250.
    assert 250 << 20 < most <= 300 << 20


def test_a_photo_waits_for_another_process_and_goes_on_when_that_is_killed(holder, monkeypatch):
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 8 * SLOT_BYTES)
    other = holder(8 * SLOT_BYTES, 3 * SLOT_BYTES)
    with Allowance().taking(SLOT_BYTES):
        assert others_hold_slots()
    monkeypatch.setattr(decode_slots, "LONGEST_WAIT_S", 0.3)
    with (
        pytest.raises(RefusedPhotoError, match="other photos have taken the memory") as caught,
        Allowance().taking(2 * SLOT_BYTES),
    ):
        pass
    assert caught.value.passes
    other.send_signal(signal.SIGKILL)
    other.wait()
    with Allowance().taking(4 * SLOT_BYTES):
        assert others_hold_slots()
    assert not others_hold_slots()


def test_a_photo_that_fits_only_once_others_are_done_is_not_refused(holder, monkeypatch):
    """The other process has taken what was free; this one waits for it."""
    other = holder(8 * SLOT_BYTES, 3 * SLOT_BYTES)
    monkeypatch.setattr(decode_memory, "_ASK_EVERY_S", 0.05)
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 8 * SLOT_BYTES if other.poll() is not None else 0)
    started = time.monotonic()
    killed = []

    def others():
        if time.monotonic() - started > 0.3 and not killed:
            other.kill()
            killed.append(other.wait())
        return others_hold_slots()

    monkeypatch.setattr(decode_memory, "others_hold_slots", others)
    with Allowance().taking(2 * SLOT_BYTES):
        assert killed


def test_a_small_photo_waits_for_nobody(holder, monkeypatch):
    monkeypatch.setattr(decode_memory, "free_memory", lambda: 2 * SLOT_BYTES)
    holder(2 * SLOT_BYTES, SLOT_BYTES)
    with Allowance().taking(LITTLE):
        pass


def test_where_the_cache_cannot_be_written_photos_are_decoded(tmp_path, monkeypatch):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("SHOPSIM_CACHE", str(tmp_path / "file" / "cache"))
    with slots_held(SLOT_BYTES, SLOT_BYTES):
        assert not others_hold_slots()
