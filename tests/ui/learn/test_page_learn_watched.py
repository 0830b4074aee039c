"""The Learn page as visitors meet it: watching, stopping, and how it ended."""

import os

import pytest
from app_pages import address_of, button, no_traceback, sentences, settled, texts
from kept_cases import comparison, pretending, wait_for, write_card, write_diary
from learn_pages import charts, has, ids, learn

from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog
from shopsim.learning import process
from shopsim.learning.lock import BENCHMARK, one_at_a_time
from shopsim.learning.process import log_path
from shopsim.learning.progress_file import DONE, FAILED, RUNNING, STOPPED, diary_path
from shopsim.learning.task import Task

DEAF = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(60)"


def test_it_is_watched_a_second_one_is_told_so_and_it_can_be_stopped(folder, weights):
    process.start(pretending())
    wait_for(RUNNING)
    app = learn(folder)
    assert no_traceback(app)
    said = texts(app)
    assert "Learning a network from pretended" in said
    assert "It goes on if you leave this page or close the browser." in said
    assert "One learning at a time" in said
    assert app.get("progress")[0].proto.text.startswith("Learning: 10 of 40")
    assert len(charts(app)) == 2
    assert not has(app, "Start")
    button(app, "Stop").click()
    app.run()
    wait_for(STOPPED)
    app = settled(app)
    assert no_traceback(app)
    assert "Stopped as it was told." in texts(app)
    assert has(app, "Start")


def test_one_that_has_not_told_anything_yet_is_watched_too(folder):
    with one_at_a_time(cache_dir()):
        app = learn(folder)
        assert no_traceback(app)
        assert "A learning begins" in texts(app)
        assert not has(app, "Start")
        # Nobody knows its process yet.
        assert not has(app, "Stop")


def test_a_benchmark_that_learns_is_told_of_and_cannot_be_stopped_here(folder):
    with one_at_a_time(cache_dir(), BENCHMARK):
        app = learn(folder)
        assert no_traceback(app)
        assert "A benchmark is learning" in texts(app)
        assert "One learning at a time" in texts(app)
        assert not has(app, "Stop")
        assert not has(app, "Start")


def test_what_was_stopped_is_forgotten_before_the_next_begins(folder, weights):
    process.start(pretending(DEAF))
    app = learn(folder)
    button(app, "Stop").click()
    app.run()
    assert "It stops when the present step has ended" in texts(app)
    process._started.child.kill()
    wait_for(STOPPED)
    settled(app)
    process.start(pretending(DEAF))
    app.run()
    assert "It stops when the present step has ended" not in texts(app)


def test_strangers_watch_and_start_stop_and_remove_nothing(folder, weights, monkeypatch):
    write_card()
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder.parent))
    app = learn(folder)
    assert no_traceback(app)
    assert "can also be started on the server's machine" in texts(app)
    assert not has(app, "Start")
    assert not has(app, "Remove")
    process.start(pretending())
    wait_for(RUNNING)
    app = settled(app)
    assert "Learning a network from pretended" in texts(app)
    assert not has(app, "Stop")


@pytest.mark.parametrize(("state", "told"), [(STOPPED, "Go on"), (FAILED, "Try again"), (RUNNING, "Go on")])
def test_the_same_goes_on_where_it_was(folder, weights, started, state, told):
    key = Task("network", "efficientnet_lite0", {}, 60.0).key(load_catalog(folder))
    write_diary(state, key=key, sentence="So it ended.")
    app = learn(folder)
    assert no_traceback(app)
    button(app, told).click()
    settled(app)
    assert len(started) == 1


def test_the_fields_say_what_was_asked_so_that_it_can_go_on_from_any_browser(folder, other_folder, weights, started):
    task = Task("network", "mobilenet_v2_140", {}, 180.0, "mine", hold_out=False, depth="last")
    write_diary(STOPPED, key=task.key(load_catalog(folder)), asked=task.asked, sentence="So it ended.")
    app = learn(other_folder)
    assert no_traceback(app)
    assert has(app, "Start")
    assert app.toggle(key="learn-hold-out").value is True
    app.query_params["folder"] = str(folder)
    app = settled(app)
    button(app, "Go on").click()
    settled(app)
    assert set(started[0][5:]) == {
        *(
            "--what=network",
            "--extractor=mobilenet_v2_140",
            "--budget=3",
            "--name=mine",
            "--all-models",
            "--depth=last",
        ),
        "--precision=automatic",
    }


def test_a_metric_goes_on_with_the_settings_of_its_features(folder, started):
    task = Task("metric", "color_shape", {}, 180.0)
    write_diary(STOPPED, key=task.key(load_catalog(folder)), what="metric", asked=task.asked, sentence="So it ended.")
    app = learn(folder)
    button(app, "Go on").click()
    settled(app)
    assert {"--what=metric", "--extractor=color_shape", "--budget=3"} <= set(started[0][5:])


def test_what_was_asked_may_be_damaged(folder, weights, subtests):
    for asked in [
        {"extractor": 3},
        {"extractor": "tfhub"},
        {"extractor_settings": [1]},
        {"minutes": "many"},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"minutes": True},
        {"depth": "deep"},
        {"hold_out": 1},
    ]:
        with subtests.test(asked=asked):
            task = Task("network", "mobilenet_v2", {}, 60.0, "mine")
            write_diary(STOPPED, key=task.key(load_catalog(folder)), asked={**task.asked, **asked})
            app = learn(folder)
            assert no_traceback(app)
            assert app.text_input(key="learn-name").value == ""


@pytest.mark.parametrize("state", [STOPPED, FAILED, RUNNING, DONE])
def test_something_else_is_started_anew(folder, weights, state):
    write_diary(state, sentence="So it ended.")
    app = learn(folder)
    assert no_traceback(app)
    assert button(app, "Start")


def test_one_that_failed_says_why_and_shows_what_it_printed(folder, weights):
    write_diary(FAILED, sentence="There was *no* room left.")
    log_path().write_text("first\nlast words")
    app = learn(folder)
    assert "There was *no* room left." in sentences(app)
    assert "last words" in app.code[0].value


def test_the_log_of_an_earlier_one_is_not_shown(folder, weights):
    write_diary(FAILED, sentence="It failed.")
    log_path().write_text("of another")
    os.utime(log_path(), (1, 1))
    assert not learn(folder).code


def test_one_that_was_killed_is_told(folder, weights):
    write_diary(RUNNING)
    app = learn(folder)
    assert no_traceback(app)
    assert "ended without a word" in app.warning[0].value
    assert "after the last finished pass" in app.warning[0].value
    assert len(charts(app)) == 2


def test_one_that_is_done_offers_what_it_kept(folder, weights):
    name = write_card()
    write_diary(DONE, sentence="It rose.", result={"network": name, "settings": "gone"})
    app = learn(folder)
    assert no_traceback(app)
    assert "It rose." in app.success[0].value
    app.button(key="learn-last-network").click()
    settled(app)
    assert address_of(app)["extractor.network"] == name


@pytest.mark.parametrize("result", [{}, {"network": 7, "settings": []}, {"network": "../x", "settings": "gone"}])
def test_what_is_gone_by_now_is_not_offered(folder, weights, result):
    write_diary(DONE, sentence="It rose.", result=result)
    app = learn(folder)
    assert no_traceback(app)
    assert "It rose." in app.success[0].value
    assert not has(app, "Use")


def test_a_metric_is_compared_where_it_ended(folder, weights):
    compared = comparison(ids(folder, "m0", "m1"), [0] * 6, [0] * 3 + [1] * 3, 2)
    write_diary(DONE, what="metric", sentence="It rose.", result={"network": None, "held_out": compared})
    app = learn(folder)
    assert no_traceback(app)
    assert "the ARI is **0.800**; before it was **0.600**" in app.success[0].value
    assert "Gained" in str(app.segmented_control(key="learn-last-models").options)


def test_a_loss_on_held_out_models_is_no_success(folder, weights):
    compared = comparison(ids(folder, "m0", "m1"), [0] * 6, [0] * 6, 2)
    compared["before"], compared["after"] = compared["after"], compared["before"]
    name = write_card(held_out=compared)
    write_diary(DONE, sentence="It rose.", result={"network": name})
    app = learn(folder)
    assert "before it was **0.800**" in app.warning[0].value


def test_a_damaged_diary_shows_nothing_of_it(folder, weights, subtests):
    for text in ["", "[]", "{}", '{"pid": -1}', "no json", "[" * 5000]:
        with subtests.test(text=text):
            diary_path().parent.mkdir(parents=True, exist_ok=True)
            diary_path().write_text(text)
            app = learn(folder)
            assert no_traceback(app)
            assert button(app, "Start")
