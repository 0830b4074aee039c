"""The Tune page as visitors meet it: work that fails, is stopped, or is shared."""

import pytest
from app_pages import button, go_to, metrics, no_traceback, open_page, select, sentences, settled, texts, visit
from broken_extractors import BrokenExtractor, WaitingExtractor
from gated_work import Gate

from shopsim import ShopsimError
from shopsim.base.work.cores import usable_cores
from shopsim.base.work.progress import WAITING
from shopsim.ui.server import jobs


def test_a_failure_is_told_and_tried_again(tiny_catalog, register):
    broken = BrokenExtractor(failures=1)
    register("broken", lambda: broken)
    app = open_page(folder=tiny_catalog, extractor="broken")
    assert no_traceback(app)
    assert sentences(app) == ["The extractor is out of order; wait a moment."]
    button(app, "Try again").click()
    settled(app)
    assert not sentences(app)
    assert "ARI" in metrics(app)


def test_an_extractor_that_cannot_start_leaves_the_others_working(tiny_catalog, register):
    def unavailable():
        raise ShopsimError("The network is not here; fetch it or choose another.")

    register("absent", unavailable)
    app = open_page(folder=tiny_catalog, extractor="absent")
    assert no_traceback(app)
    assert sentences(app) == ["The network is not here; fetch it or choose another."]
    select(app, "Feature extractor").set_value("fake")
    settled(app)
    assert not sentences(app)
    assert metrics(app)["ARI"] == "1.000"


@pytest.mark.filterwarnings("ignore::pytest.PytestUnhandledThreadExceptionWarning")
def test_a_programming_mistake_in_a_job_is_told_too(tiny_catalog, register):
    def mistaken():
        raise KeyError("oops")

    register("mistaken", mistaken)
    app = open_page(folder=tiny_catalog, extractor="mistaken")
    assert no_traceback(app)
    assert "KeyError" in sentences(app)[0]


def test_work_can_be_stopped_and_goes_on_where_it_was(tiny_catalog, register):
    waiting = WaitingExtractor()
    register("waiting", lambda: waiting)
    app = visit(folder=tiny_catalog, extractor="waiting").run()
    assert app.get("progress")
    assert "It goes on if you leave this page" in texts(app)
    button(app, "Stop").click().run()
    waiting.go_on.set()
    settled(app)
    assert "What was done is kept" in texts(app)
    before = waiting.batches
    button(app, "Go on").click()
    settled(app)
    assert metrics(app)["ARI"] == "1.000"
    assert waiting.batches == 8, f"{before} batches before the stop, then only the missing ones"


def test_a_second_visitor_joins_the_work_of_the_first(tiny_catalog, register):
    waiting = WaitingExtractor()
    register("waiting", lambda: waiting)
    first = visit(folder=tiny_catalog, extractor="waiting").run()
    second = visit(folder=tiny_catalog, extractor="waiting").run()
    assert len(jobs().running()) == 1
    waiting.go_on.set()
    assert metrics(settled(second)) == metrics(settled(first))
    assert waiting.batches == 8


def test_work_goes_on_after_a_page_change(tiny_catalog, register):
    waiting = WaitingExtractor()
    register("waiting", lambda: waiting)
    app = visit(folder=tiny_catalog, extractor="waiting").run()
    app.switch_page("pages/Catalogs.py").run()
    assert len(jobs().running()) == 1
    waiting.go_on.set()
    go_to(app, "app.py")
    assert metrics(app)["ARI"] == "1.000"
    assert waiting.batches == 8


def test_work_that_waits_for_its_turn_says_so_and_can_be_stopped(tiny_catalog):
    others = [Gate() for _ in range(usable_cores())]
    for number, other in enumerate(others):
        jobs().ensure(f"other {number}", "Other work", other)
    assert all(other.reported.wait(30) for other in others)
    app = visit(folder=tiny_catalog).run()
    assert no_traceback(app)
    assert app.get("progress")[0].proto.text.startswith(f"{WAITING}, for ")
    button(app, "Stop").click().run()
    assert "stopped." in texts(app)
    for other in others:
        other.may_go.set()
    button(app, "Go on").click()
    assert metrics(settled(app))["ARI"] == "1.000"
