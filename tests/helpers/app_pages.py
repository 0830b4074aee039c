"""Opens pages as a visitor does, through `streamlit.testing`: from app.py, with an address, until all is computed."""

import re
import time
from pathlib import Path

import streamlit as st
from streamlit.testing.v1 import AppTest

from shopsim.base.work.lanes import here
from shopsim.base.work.turns import elsewhere
from shopsim.base.work.worker import pack, unpack
from shopsim.base.work.workers import Workers
from shopsim.ui.server import jobs

PROJECT = Path(__file__).parents[2]
# A cold first run imports Altair and pandas on a busy machine; Streamlit's own 3 s are too few.
TIMEOUT_S = 60
# What the address of each choice by hand names besides the extractor.
RECIPE = {"space": "whitened", "clusterer": "average"}


def fresh_server(static, monkeypatch):
    """A server nobody has visited yet, whose thumbnails stay out of the project."""
    st.cache_resource.clear()
    st.cache_data.clear()
    monkeypatch.setattr("shopsim.ui.parts.gallery.static_dir", lambda: static)
    monkeypatch.setattr(Workers, "run", _run_here)


def _run_here(_, function, *arguments, **named):
    """In this process, where a test may have put a fake; what is sent and comes back is pickled as for a worker."""
    on_the_spot = {name: named.pop(name) for name in ("progress", "tell", "lane") if name in named}
    arguments, named = unpack(_on_the_way((arguments, named)))
    with elsewhere():
        return unpack(_on_the_way(here(function, *arguments, **named, **on_the_spot)))


def _on_the_way(message):
    return [bytearray(part) for part in pack(message)]


def served(static, monkeypatch):
    """As `fresh_server`, for a fixture to yield from: what still runs after the test is stopped."""
    fresh_server(static, monkeypatch)
    yield
    for job in jobs().running():
        job.stop()
        job.wait(10)


def visit(page="app.py", /, folder=None, **address):
    """The page at this address, before its first run; `extractor` is the fast one unless another is given."""
    app = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=TIMEOUT_S)
    if page != "app.py":
        app.switch_page(page)
    given = {"extractor": "fake"} | ({} if folder is None else {"folder": str(folder)}) | address
    for name, value in given.items():
        if value is not None:
            app.query_params[name] = value
    return app


def open_page(page="app.py", /, folder=None, **address):
    """The page as it looks once everything is computed."""
    return settled(visit(page, folder, **address))


def settled(app):
    """Run, and run again until no job is left that the page waits for."""
    app.run()
    deadline = time.monotonic() + TIMEOUT_S
    while jobs().running() and time.monotonic() < deadline:
        for job in jobs().running():
            job.wait(TIMEOUT_S)
        app.run()
    return app.run() if waits(app) else app


def waits(app):
    """Whether the page shows a job instead of its result."""
    return bool(app.get("progress"))


def go_to(app, page):
    """Another page, as by its link in the navigation."""
    app.switch_page(page)
    return settled(app)


def address_of(app):
    """What the address bar shows, one text a parameter."""
    return {name: values[-1] if isinstance(values, list) else values for name, values in app.query_params.items()}


def metrics(app):
    """The big numbers by their label."""
    return {metric.label: metric.value for metric in app.metric}


def texts(app):
    """Everything said in running text."""
    said = [*app.markdown, *app.caption, *app.info, *app.subheader, *app.title]
    return "\n".join([*(as_read(element.value) for element in said), *sentences(app)])


def sentences(app):
    """What is wrong, as the page tells it."""
    return [as_read(error.value) for error in app.error]


def as_read(markdown):
    """The text without the backslashes that make Markdown show characters as they stand."""
    return re.sub(r"\\([!-/:-@\[-`{-~])", r"\1", markdown)


def no_traceback(app):
    """Whether nothing on the page broke."""
    return not [element.value for element in app.exception]


def button(app, start):
    """The first button whose label starts like this."""
    return next(button for button in app.button if button.label.startswith(start))


def button_labels(app):
    """Of all buttons."""
    return [button.label for button in app.button]


def select(app, label):
    """The selectbox of this label; None if there is none."""
    return next((select for select in app.selectbox if select.label == label), None)


def threshold(app):
    """The slider of the similarity threshold."""
    return next(slider for slider in app.slider if slider.label == "Similarity threshold")
