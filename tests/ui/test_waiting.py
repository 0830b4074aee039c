"""A page that waits for a job shows its progress, its result or why it failed, and never one for the other."""

from types import SimpleNamespace

from streamlit.testing.v1 import AppTest

from shopsim.ui import waiting

_PAGE = """
import streamlit as st

from shopsim.ui.waiting import result_of

st.write(result_of("key", "Working", None))
"""


class Ending:
    """A job that runs when it is asked the first time, and has ended when it is asked the second time."""

    title, error, result, rate = "Working", "", "the result", 0.0

    def __init__(self):
        self._states = ["running"]

    @property
    def state(self):
        return self._states.pop() if self._states else "done"

    def wait(self, seconds):
        return False


def test_a_job_that_ends_while_the_page_looks_has_not_failed(monkeypatch):
    job = Ending()
    monkeypatch.setattr(waiting, "jobs", lambda: SimpleNamespace(get=lambda key: job, ensure=lambda *_: job))
    app = AppTest.from_string(_PAGE, default_timeout=60).run()
    assert not app.exception
    assert [button.label for button in app.button] == []
    assert [element.value for element in app.markdown] == ["the result"]


def test_a_step_without_a_count_says_how_long_it_runs():
    job = SimpleNamespace(doing="clustering 600 photos", total=0, seconds=3.2)
    assert waiting.describe(job) == "clustering 600 photos, for 3 seconds"
