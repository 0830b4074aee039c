"""Notices that a folder has changed, without a page that waits for its disk."""

from __future__ import annotations

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from pathlib import Path

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.work.progress import Progress
from shopsim.base.work.turns import elsewhere
from shopsim.catalog.open_folder import place_state
from shopsim.ui.guard import polled
from shopsim.ui.server import jobs
from shopsim.ui.waiting import result_of

# A folder is listed no more often than this, however many visitors ask: 10,000 files take some 50 ms.
LOOK_AGAIN_S = 3.0
# A page waits so long for a new look. Most disks have answered by then; if not, the page runs again once they have.
PATIENCE_S = 0.2
# 100,000 files take half a second of the processor, in which pages wait. So a folder rests this many times as long as a
# look takes longer than a short one.
_REST = 20
_SHORT_LOOK_S = 0.1
_MOST_FOLDERS = 64
_REPORT_S = 0.1
_log = logging.getLogger(__name__)


class FolderState:
    """What one folder looked like when it was last listed; a thread beside the pages lists it again.

    look: returns a text that changes when the folder does; it may take as long as its disk needs.
    state: the text of the last look, None before the first look has ended.
    """

    def __init__(self, look: Callable[[], str]) -> None:
        self.state: str | None = None
        self._look = look
        self._lock = threading.Lock()
        self._is_looking = False
        self._ended_at = self._rest = 0.0
        self._ended = threading.Event()

    def latest(self) -> str | None:
        """Returns the state as far as it is known, None before the first look has ended.

        Starts a look if the last one is a while ago, and waits a moment for that one.
        """
        with self._lock:
            is_due = not self._is_looking and (self.state is None or self._has_rested)
            if is_due:
                self._is_looking = True
                self._ended.clear()
                threading.Thread(target=self._look_once, name="folder state", daemon=True).start()
        if is_due:
            self._ended.wait(PATIENCE_S)
        return self.state

    @property
    def is_looking(self) -> bool:
        """Whether the folder is being listed now."""
        return self._is_looking

    def first(self, progress: Progress) -> str:
        """Waits for the first look, however long it takes. Raises what the progress raises."""
        with elsewhere():  # The disk works, not this thread, so another job may compute meanwhile.
            while (state := self.latest()) is None:
                progress(0, 0)
                self._ended.wait(_REPORT_S)
        return state

    @property
    def _has_rested(self) -> bool:
        return time.monotonic() - self._ended_at > LOOK_AGAIN_S + self._rest

    def _look_once(self) -> None:
        try:
            self.state = self._look()
        except Exception as error:
            # A state all the same: the page then opens the folder, and says what is wrong with it.
            _log.exception("A folder could not be listed.")
            self.state = f"cannot be listed: {type(error).__name__}: {error}"
        finally:
            with self._lock:
                self._is_looking, self._ended_at = False, time.monotonic()
                # Each look has a thread of its own, so this is the time that the look took.
                self._rest = _REST * max(time.thread_time() - _SHORT_LOOK_S, 0.0)
            self._ended.set()


class _FolderStates:
    """The folders that were asked for last."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._folders: OrderedDict[tuple[Path, Path | None], FolderState] = OrderedDict()

    def of(self, place: Path, labels: Path | None) -> FolderState:
        with self._lock:
            key = (place, labels)
            if key not in self._folders:
                self._folders[key] = FolderState(lambda: place_state(place, labels))
            self._folders.move_to_end(key)
            if len(self._folders) > _MOST_FOLDERS:
                self._folders.popitem(last=False)
            return self._folders[key]


@st.cache_resource
def _folder_states() -> _FolderStates:
    return _FolderStates()


def state_of(place: Path, labels: Path | None) -> str:
    """Returns a text that changes a moment after a file of the catalogue at `place`, or its labels, does.

    The first time the page shows that the folder is looked at, and ends there until that is done.
    """
    folder = _folder_states().of(place, labels)
    state = folder.latest()
    if state is None:
        key = digest_of("look", place, labels)
        state = result_of(key, f"Looking into '{place.name}'", folder.first)
        # The folder itself knows from now on, and later than this job.
        jobs().forget(key)
    if folder.is_looking or folder.state != state:
        _run_again_after(folder, state)
    return state


@polled(seconds=2.0)
def _run_again_after(folder: FolderState, state: str) -> None:
    """Runs the page again if the look that it did not wait for has found another state."""
    # Not after every look: a slow page would begin the next one, and so run again for ever.
    if folder.state != state:
        st.rerun()
