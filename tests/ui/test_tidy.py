"""Freed memory is given back some time after a page has run, and not while nobody works."""

import threading
import time

from app_pages import open_page

from shopsim.ui import tidy


def test_memory_is_given_back_after_work_and_once_for_much_work(monkeypatch):
    times, worked = [], threading.Event()
    monkeypatch.setattr(tidy, "give_back", lambda: times.append(time.monotonic()))
    # Long beside the hundred calls, which a busy machine may interrupt.
    monkeypatch.setattr(tidy, "_EVERY_S", 0.5)
    threading.Thread(target=tidy._tidy, args=(worked,), daemon=True).start()
    time.sleep(0.1)
    assert times == []
    for _ in range(100):
        worked.set()
    deadline = time.monotonic() + 5
    while not times and time.monotonic() < deadline:
        time.sleep(0.01)
    time.sleep(1.5)
    assert len(times) == 1


def test_every_page_asks_for_it(tiny_catalog, monkeypatch):
    asked = []
    monkeypatch.setattr("shopsim.ui.guard.tidy_later", lambda: asked.append(1))
    open_page("pages/Groups.py", folder=tiny_catalog)
    assert asked
