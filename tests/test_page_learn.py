"""The Learn page as visitors meet it: what will happen, watching, stopping, how it ended, and the kept networks."""

import os
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from app_pages import PROJECT, address_of, go_to, no_traceback, open_page, sentences, served, settled, texts
from kept_cases import comparison, pretending, wait_for, write_card, write_diary
from mixed_folders import BLUE, button, button_labels, draw_photo, plain_folder, read, shown_photos

from shopsim.extractors.fine_tuned import NAME
from shopsim.learning import process
from shopsim.learning.diary import DONE, FAILED, RUNNING, STOPPED, diary_path
from shopsim.learning.lock import one_at_a_time
from shopsim.learning.process import log_path
from shopsim.learning.task import Task
from shopsim.open_catalog import load_catalog
from shopsim.paths import cache_dir
from shopsim.trained_networks import names
from shopsim.tuned_settings import ExtractorUse
from shopsim.ui.choice import Choice
from shopsim.ui.seen import say_what_was_trained_on

pytestmark = pytest.mark.usefixtures("fake_extractor")
PAGE = "pages/Learn.py"
N_MODELS = 12


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch):
    """Nothing was ever started here, and what a test starts ends with it."""
    monkeypatch.setattr(process, "_started", None)
    yield from served(tmp_path / "static", monkeypatch)
    if process._started is not None:
        process._started.child.kill()


@pytest.fixture
def folder(tmp_path):
    """Twelve models of three photos."""
    for number in range(3 * N_MODELS):
        model = f"m{number % N_MODELS}"
        draw_photo(tmp_path / "many" / model / f"{number}.png", tuple(np.roll(BLUE, number) // 2), number)
    return tmp_path / "many"


@pytest.fixture
def other_folder(tmp_path):
    """Of the same name and shape, with other photos."""
    for number in range(3 * N_MODELS):
        draw_photo(tmp_path / "other" / "many" / f"m{number % N_MODELS}" / f"{number}.png", (200, 180, 9), number)
    return tmp_path / "other" / "many"


@pytest.fixture
def weights(monkeypatch):
    """As if the networks were at hand; nothing here loads one."""
    monkeypatch.setattr("shopsim.learning.task.why_unavailable", lambda name, **settings: None)


@pytest.fixture
def started(monkeypatch):
    """The commands that were started, instead of starting them."""
    commands = []
    monkeypatch.setattr("shopsim.ui.learn_start.start", commands.append)
    return commands


def learn(folder=None, **address):
    return open_page(PAGE, folder, **address)


def with_metric(app):
    app.segmented_control(key="learn-what").set_value("metric")
    return settled(app)


def has(app, label):
    return any(each.startswith(label) for each in button_labels(app))


def charts(app):
    return app.get("vega_lite_chart")


# Before anything is started


def test_it_says_what_will_happen_and_starts_nothing(folder, weights, started):
    app = learn(folder)
    assert no_traceback(app)
    assert not sentences(app)
    said = texts(app)
    assert "Learns from **27 photos of 9 models**; **9 photos of 3 models** are held out" in said
    assert "three edited views" in said
    assert "MB in the cache" in said
    assert "None yet" in said
    assert not button(app, "Start").disabled
    assert started == []


def test_without_true_models_there_is_a_way_to_some(tmp_path):
    app = learn(plain_folder(tmp_path / "plain"))
    assert no_traceback(app)
    assert "Learning needs true models, and no photo here has one" in texts(app)
    assert not has(app, "Start")


def test_too_few_models_are_told_before_anything_starts(tiny_catalog, weights):
    app = learn(tiny_catalog)
    assert no_traceback(app)
    assert "4 models with two or more photos" in texts(app)
    assert not has(app, "Start")


def test_one_photo_a_model_is_told(tmp_path, weights):
    for number in range(9):
        draw_photo(tmp_path / "single" / f"m{number}" / "1.png", BLUE, number)
    app = learn(tmp_path / "single", form="folders")
    assert no_traceback(app)
    assert "0 models with two or more photos" in texts(app)
    assert not has(app, "Start")


def test_without_weights_there_are_two_ways_out_and_a_metric(folder, monkeypatch, tmp_path):
    monkeypatch.setenv("TFHUB_CACHE_DIR", str(tmp_path / "no-hub"))
    app = learn(folder)
    assert no_traceback(app)
    (sentence,) = sentences(app)
    assert "put its SavedModel folder at" in sentence
    assert "or let it be fetched once" in sentence
    assert not has(app, "Start")
    app = with_metric(app)
    assert not sentences(app)
    assert has(app, "Start")


def test_a_folder_that_is_gone_is_told():
    app = learn("/no/such/folder")
    assert no_traceback(app)
    assert len(sentences(app)) == 1


def test_a_name_that_is_taken_is_told(folder, weights):
    write_card("mine")
    app = learn(folder)
    next(field for field in app.text_input if field.label.startswith("Name")).set_value("mine")
    app = settled(app)
    assert "There is a network 'mine' already" in sentences(app)[0]
    assert not has(app, "Start")


# The start


def test_the_command_learns_what_the_page_says(folder, weights, started):
    app = learn(folder)
    button(app, "Start").click()
    settled(app)
    ((program, *arguments),) = started
    assert arguments == [
        *("-m", "shopsim", "learn", str(folder)),
        *("--what=network", "--extractor=mobilenet_v2", "--budget=20"),
    ]
    assert Path(program).name.startswith("python")


def test_every_field_reaches_the_command(tiny_catalog, weights, started, monkeypatch):
    monkeypatch.setattr("shopsim.ui.learn_start.check_task", lambda task, catalog: None)
    monkeypatch.setattr("shopsim.learning.learn.labelled_rows", lambda catalog: np.arange(len(catalog.images)))
    app = learn(tiny_catalog, form="contest", category="bags", copies="0")
    app.number_input(key="learn-minutes").set_value(3)
    app.toggle(key="learn-hold-out").set_value(False)
    app.text_input(key="learn-name").set_value(" mine ")
    app.selectbox(key="learn-depth").set_value("all")
    app = settled(app)
    button(app, "Start").click()
    settled(app)
    assert set(started[0][5:]) == {
        *("--what=network", "--extractor=mobilenet_v2", "--budget=3", "--name=mine", "--form=contest"),
        *("--category=bags", "--no-copies", "--all-models", "--depth=all"),
    }


def test_a_metric_is_learnt_on_the_extractor_of_the_sidebar_with_its_settings(folder, started):
    app = with_metric(learn(folder, extractor="fake"))
    button(app, "Start").click()
    settled(app)
    assert "--extractor=fake" in started[0]
    assert "--what=metric" in started[0]


def test_labels_from_a_file_reach_the_command(tmp_path, started):
    folder = plain_folder(tmp_path / "plain", 24)
    labels = tmp_path / "labels.txt"
    labels.write_text("\n".join(str(number % 12) for number in range(24)))
    app = with_metric(learn(folder, labels=str(labels)))
    button(app, "Start").click()
    settled(app)
    assert f"--labels={labels}" in started[0]


def test_the_demo_is_named_as_the_command_knows_it(demo_folder, weights, started):
    app = learn(extractor="fake")
    button(app, "Start").click()
    settled(app)
    assert started[0][4] == "demo"


def test_a_network_that_an_address_names_is_loaded_only_after_a_click(folder, started):
    app = with_metric(learn(folder, extractor="tfhub", **{"extractor.handle": "https://example.org/net"}))
    button(app, "Start").click()
    app = settled(app)
    assert started == []
    assert "A SavedModel is a program" in app.warning[0].value


def test_fields_stay_as_they_were_on_another_page(folder, weights):
    app = learn(folder)
    app.number_input(key="learn-minutes").set_value(7)
    app = with_metric(app)
    go_to(app, "pages/Catalogs.py")
    go_to(app, PAGE)
    assert app.number_input(key="learn-minutes").value == 7
    assert app.segmented_control(key="learn-what").value == "metric"


def test_every_page_says_which_photos_a_trained_network_knows(folder, weights, monkeypatch):
    """A fake one: the page only needs its name and how many photos its card counts."""
    monkeypatch.setattr("shopsim.ui.seen.NAME", "fake")
    monkeypatch.setattr("shopsim.ui.seen.n_trained_on", lambda network, digests: len(digests) - 5)
    for page in ("app.py", "pages/Confusion.py"):
        said = texts(open_page(page, folder))
        assert "trained on 31 of these 36 photos" in said
    monkeypatch.setattr("shopsim.ui.seen.n_trained_on", lambda network, digests: 0)
    assert "of these 36 photos" not in texts(open_page("app.py", folder))


def test_with_tuned_settings_their_network_is_the_one_that_is_told_of(monkeypatch, folder):
    said = []
    monkeypatch.setattr("shopsim.ui.seen.st.sidebar.caption", said.append)
    write_card("mine", photos=[image.digest[:16] for image in load_catalog(folder).images[:7]])
    use = ExtractorUse(NAME, {"network": "mine"}, "key", 1280)
    tuned = SimpleNamespace(extractors=(use,))
    say_what_was_trained_on(Choice(), tuned, load_catalog(folder))
    assert len(said) == 1
    assert "mine was **trained on 7 of these 36 photos**" in said[0]
    say_what_was_trained_on(Choice(), None, load_catalog(folder))
    assert len(said) == 1


# While one runs


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


def test_strangers_watch_and_start_stop_and_remove_nothing(folder, weights, monkeypatch):
    write_card()
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder.parent))
    app = learn(folder)
    assert no_traceback(app)
    assert "is started where it runs" in texts(app)
    assert not has(app, "Start")
    assert not has(app, "Remove")
    process.start(pretending())
    wait_for(RUNNING)
    app = settled(app)
    assert "Learning a network from pretended" in texts(app)
    assert not has(app, "Stop")


# How the last one ended


@pytest.mark.parametrize(("state", "told"), [(STOPPED, "Go on"), (FAILED, "Try again"), (RUNNING, "Go on")])
def test_the_same_goes_on_where_it_was(folder, weights, started, state, told):
    key = Task("network", "mobilenet_v2", {}, 60.0).key(load_catalog(folder))
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
        *("--what=network", "--extractor=mobilenet_v2_140", "--budget=3", "--name=mine", "--all-models", "--depth=last")
    }


def test_a_metric_goes_on_with_the_settings_of_its_features(folder, started):
    task = Task("metric", "color_shape", {}, 180.0)
    write_diary(STOPPED, key=task.key(load_catalog(folder)), what="metric", asked=task.asked, sentence="So it ended.")
    app = learn(folder)
    button(app, "Go on").click()
    settled(app)
    assert {"--what=metric", "--extractor=color_shape", "--budget=3"} <= set(started[0][5:])


@pytest.mark.parametrize(
    "asked",
    [
        {"extractor": 3},
        {"extractor": "tfhub"},
        {"extractor_settings": [1]},
        {"minutes": "many"},
        {"minutes": float("nan")},
        {"minutes": float("inf")},
        {"minutes": True},
        {"depth": "deep"},
        {"hold_out": 1},
    ],
)
def test_what_was_asked_may_be_damaged(folder, weights, asked):
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


@pytest.mark.parametrize("text", ["", "[]", "{}", '{"pid": -1}', "no json", "[" * 5000])
def test_a_damaged_diary_shows_nothing_of_it(folder, weights, text):
    diary_path().parent.mkdir(parents=True, exist_ok=True)
    diary_path().write_text(text)
    app = learn(folder)
    assert no_traceback(app)
    assert button(app, "Start")


# Kept networks


def ids(folder, *models):
    return [each.image_id for each in load_catalog(folder).images if each.model in models]


def split_rightly(folder, **fields):
    """A card whose held-out models m0 and m1 were one group before, and m2 was whole and then broken."""
    before, after = [0] * 6 + [1] * 3, [0] * 3 + [1] * 3 + [2, 3, 3]
    return write_card(held_out=comparison(ids(folder, "m0", "m1", "m2"), before, after, 3), models=["m5"], **fields)


def test_before_and_after_are_shown_with_the_models_that_changed(folder, weights):
    split_rightly(folder)
    app = learn(folder)
    assert no_traceback(app)
    table = app.dataframe[0].value
    assert table["ARI"].tolist() == [0.6, 0.8, 0.4]
    assert table["95 % interval"].tolist()[:2] == ["0.500 – 0.900"] * 2
    assert table["recall@1"].tolist()[:2] == [0.95, 0.95]
    assert "So few models leave it open: its 95 % interval is 0.500 to 0.900." in texts(app)
    assert "m0" in read(app)
    assert set(shown_photos(app)) == set(ids(folder, "m0", "m1"))
    app.segmented_control(key="network shoes-1-models").set_value("worse")
    app = settled(app)
    assert set(shown_photos(app)) == set(ids(folder, "m2"))
    assert len(charts(app)) == 2


def test_with_another_catalogue_open_the_photos_are_not_at_hand(folder, tiny_catalog, weights):
    split_rightly(folder)
    app = learn(tiny_catalog)
    assert no_traceback(app)
    assert "Open the catalogue it was learnt from" in texts(app)
    assert not shown_photos(app)


def test_a_damaged_card_is_told_and_the_others_listed(folder, weights):
    write_card("broken", passes="many")
    write_card("whole")
    app = learn(folder)
    assert no_traceback(app)
    assert "The card of the network 'broken' is damaged" in sentences(app)[0]
    assert any("whole" in box.label for box in app.expander)


def test_a_network_becomes_the_extractor_of_every_page(folder, weights):
    name = write_card()
    app = learn(folder, space="raw", at="0.5")
    button(app, "Use as extractor").click()
    app = settled(app)
    assert button(app, "In use as extractor").disabled
    assert address_of(app)["extractor"] == NAME
    assert address_of(app)["extractor.network"] == name
    assert address_of(app)["space"] == "raw"
    assert "at" not in address_of(app)


def test_a_removed_network_is_gone_and_no_longer_chosen(folder, weights):
    name = write_card()
    app = learn(folder, extractor=NAME, **{"extractor.network": name})
    button(app, "Remove for good").click()
    app = settled(app)
    assert no_traceback(app)
    assert names() == []
    assert "extractor" not in address_of(app)
    assert "None yet" in texts(app)


# Other pages


def extractors_offered(app):
    return next(box for box in app.selectbox if box.label == "Feature extractor").options


def test_the_sidebar_offers_trained_networks_once_there_are_some(folder):
    app = open_page(folder=folder)
    assert "Trained network" not in extractors_offered(app)
    write_card("older")
    os.utime(write_path("older"), (1, 1))
    write_card("newer")
    app = settled(app)
    assert "Trained network" in extractors_offered(app)
    next(box for box in app.selectbox if box.label == "Feature extractor").set_value(NAME)
    app = settled(app)
    network = next(box for box in app.selectbox if box.label == "Network")
    assert network.options == ["newer", "older"]
    assert network.value == "newer"
    assert address_of(app)["extractor.network"] == "newer"


def write_path(name):
    return process.home_dir() / "networks" / name / "card.json"


def test_a_network_that_is_gone_stays_named_and_is_told(folder):
    write_card("here")
    app = open_page(folder=folder, extractor=NAME, **{"extractor.network": "gone"})
    assert no_traceback(app)
    network = next(box for box in app.selectbox if box.label == "Network")
    assert network.options == ["gone", "here"]
    assert network.value == "gone"
    assert "There is no trained network 'gone'" in texts(app)


def test_compare_offers_each_network_whose_weights_are_there(folder):
    write_card("without")
    name = write_card("with")
    model = write_path(name).parent / "saved_model"
    (model / "variables").mkdir(parents=True)
    for part in ("saved_model.pb", "variables/variables.index", "variables/variables.data-00000-of-00001"):
        (model / part).write_bytes(b"x")
    app = open_page("pages/Compare.py", folder=folder)
    assert no_traceback(app)
    assert "Trained network, network with" in app.multiselect(key="compare-extractor").options
    assert "Trained network" not in texts(app)


def test_the_page_stands_in_the_navigation_after_compare():
    from shopsim.ui.sidebar import PAGES

    assert list(PAGES).index("Learn") == list(PAGES).index("Compare") + 1
    assert {PROJECT / file for file, _ in PAGES.values()} == {PROJECT / "app.py", *PROJECT.glob("pages/*.py")}
