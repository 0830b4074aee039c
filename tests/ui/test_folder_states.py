"""A folder is listed beside the pages: a slow disk keeps none waiting, and new photos are noticed all the same."""

import threading
import time

import pytest
from app_pages import no_traceback, open_page, settled, texts

from shopsim.base.work.jobs import Jobs
from shopsim.base.work.progress import Stopped, silent
from shopsim.catalog.open_folder import place_state
from shopsim.ui import folder_states
from shopsim.ui.folder_states import FolderState


class Disk:
    """Answers each look with its number, once it may; knows the thread that asked."""

    def __init__(self):
        self.looks, self.threads = 0, set()
        self.answers = threading.Event()
        self.answers.set()

    def look(self, *_):
        self.looks += 1
        self.threads.add(threading.current_thread())
        number = self.looks
        self.answers.wait(60)
        return f"state {number}"


@pytest.fixture
def disk():
    disk = Disk()
    yield disk
    disk.answers.set()


def seconds(step):
    began = time.monotonic()
    step()
    return time.monotonic() - began


def test_the_first_look_is_waited_for_and_another_thread_does_it(disk):
    assert FolderState(disk.look).first(silent) == "state 1"
    assert threading.current_thread() not in disk.threads


def test_waiting_for_a_disk_that_does_not_answer_can_be_stopped(disk):
    disk.answers.clear()

    def stop(done, total):
        raise Stopped

    with pytest.raises(Stopped):
        FolderState(disk.look).first(stop)


def test_a_folder_is_listed_only_once_in_a_while(disk):
    folder = FolderState(disk.look)
    assert {folder.first(silent), *(folder.latest() for _ in range(50))} == {"state 1"}
    assert disk.looks == 1


def test_a_change_is_noticed_after_a_while(disk, monkeypatch):
    folder = FolderState(disk.look)
    folder.first(silent)
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr(folder_states, "PATIENCE_S", 60.0)
    assert folder.latest() == "state 2"


def test_a_folder_that_takes_long_to_list_rests_longer(monkeypatch):
    looks = []

    def look():
        looks.append(None)
        until = time.thread_time() + 0.5
        while time.thread_time() < until:
            pass
        return "state"

    folder = FolderState(look)
    folder.first(silent)
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    folder.latest()
    assert len(looks) == 1
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -60.0)
    folder.latest()
    assert len(looks) == 2


def test_a_disk_that_does_not_answer_keeps_nobody_waiting_and_is_asked_once(disk, monkeypatch):
    folder = FolderState(disk.look)
    folder.first(silent)
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    disk.answers.clear()
    assert folder.latest() == "state 1"
    assert seconds(lambda: [folder.latest() for _ in range(50)]) < 5
    assert disk.looks == 2
    disk.answers.set()
    deadline = time.monotonic() + 60
    while folder.latest() == "state 1" and time.monotonic() < deadline:
        time.sleep(0.01)
    assert folder.latest() != "state 1"


def test_a_failed_look_gives_a_state_too_and_is_made_again(monkeypatch):
    answers = [OSError("gone"), "there again"]

    def look():
        answer = answers.pop(0)
        if isinstance(answer, OSError):
            raise answer
        return answer

    folder = FolderState(look)
    # Without a state the page would wait for ever, and start one look after the other.
    assert folder.first(silent) == "cannot be listed: OSError: gone"
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr(folder_states, "PATIENCE_S", 60.0)
    assert folder.latest() == "there again"


def test_a_disk_that_does_not_answer_leaves_its_turn_to_other_jobs(disk):
    disk.answers.clear()
    jobs = Jobs(at_once=1)
    look = jobs.ensure("look", "Looking into a folder", FolderState(disk.look).first)
    other = jobs.ensure("cut", "Making groups", lambda report: "groups")
    assert other.wait(60)
    assert (other.result, look.state) == ("groups", "running")
    disk.answers.set()
    assert look.wait(60)
    assert look.result == "state 1"


def test_a_page_shows_its_photos_while_the_disk_does_not_answer(tiny_catalog, disk, monkeypatch):
    app = open_page("pages/Groups.py", folder=tiny_catalog)
    before = texts(app)
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr(folder_states, "place_state", disk.look)
    disk.answers.clear()
    for _ in range(3):
        app.run()
    assert no_traceback(app)
    assert texts(app) == before
    assert disk.looks == 1


def test_no_page_lists_a_folder_in_its_own_thread(tiny_catalog, monkeypatch):
    names = set()

    def look(place, labels):
        names.add(threading.current_thread().name)
        return place_state(place, labels)

    monkeypatch.setattr(folder_states, "place_state", look)
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    app = open_page(folder=tiny_catalog)
    settled(app)
    assert no_traceback(app)
    assert names == {"folder state"}


def test_a_page_that_did_not_wait_runs_again_by_itself(tiny_catalog, draw_photo, monkeypatch):
    app = open_page(folder=tiny_catalog)
    draw_photo(tiny_catalog / "shoes" / "201_99_0.png", (40, 60, 200), 99)
    asked = []

    def is_looking(folder):
        """True when the page asks, False when the part asks that runs again, as after a look of some seconds."""
        asked.append(folder)
        folder._ended.wait(60)
        return len(asked) == 1

    monkeypatch.setattr(FolderState, "is_looking", property(is_looking))
    monkeypatch.setattr(folder_states, "LOOK_AGAIN_S", -1.0)
    monkeypatch.setattr(folder_states, "PATIENCE_S", 0.0)
    settled(app)
    assert no_traceback(app)
    assert any("1 added" in info.value for info in app.info)


@pytest.fixture
def reruns(monkeypatch):
    """Counts how often a page asks to be run again, which it then is not."""
    counted = []
    monkeypatch.setattr(folder_states.st, "rerun", lambda: counted.append("again"))
    return counted


def test_a_page_does_not_run_again_for_a_folder_that_is_as_before(tiny_catalog, reruns, monkeypatch):
    app = open_page(folder=tiny_catalog)
    looking = iter([True])
    monkeypatch.setattr(FolderState, "is_looking", property(lambda _: next(looking, False)))
    app.run()
    assert no_traceback(app)
    # A page of some seconds would start the next look, and run again for ever.
    assert (list(looking), reruns) == ([], [])


def test_a_look_that_ends_while_the_page_asks_is_not_missed(tiny_catalog, reruns, monkeypatch):
    app = open_page(folder=tiny_catalog)
    monkeypatch.setattr(FolderState, "latest", lambda _: "as it was before")
    settled(app)
    assert no_traceback(app)
    assert reruns
