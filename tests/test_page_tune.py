"""The Tune page as visitors meet it: opened first, a choice changed, the page switched; and whatever may go wrong."""

import re
import shutil
import threading

import numpy as np
import pytest
import streamlit as st
from app_pages import (
    address_of,
    fresh_server,
    go_to,
    metrics,
    no_traceback,
    open_page,
    sentences,
    served,
    settled,
    texts,
    visit,
)
from PIL import Image
from streamlit.dataframe_util import convert_arrow_bytes_to_pandas_df

from shopsim import ShopsimError
from shopsim.extractors import extractors
from shopsim.ui.server import jobs

pytestmark = pytest.mark.usefixtures("fake_extractor")

MODEL = (200, 40, 40)
OTHER = (40, 60, 200)


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch):
    """Each test is the first visitor of a server of its own."""
    yield from served(tmp_path / "static", monkeypatch)


@pytest.fixture
def plain_folder(tmp_path, draw_photo):
    """Eight photos without true models: four of one thing, four of another."""
    for number in range(8):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", MODEL if number % 2 else OTHER, number)
    return tmp_path / "plain"


def threshold(app):
    return next(slider for slider in app.slider if slider.label == "Similarity threshold")


def button(app, start):
    return next(button for button in app.button if button.label.startswith(start))


def select(app, label):
    return next(select for select in app.selectbox if select.label == label)


# Opening


def test_the_page_opens_at_the_best_threshold_and_says_what_it_was_tuned_on(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert (metrics(app)["Groups found"], metrics(app)["True models"]) == ("4", "4")
    assert "tuned on these photos" in texts(app)
    assert app.title[0].value == "Tune"


def test_the_page_says_what_is_looked_at(tiny_catalog):
    said = texts(open_page(folder=tiny_catalog))
    assert "16 photos" in said
    assert "4 true models of 4 photos" in said
    assert "whitening needs 32 different photos" in said


def test_a_stranger_sees_the_demo_grouped(demo_folder):
    app = settled(visit(extractor=None))
    assert no_traceback(app)
    assert "Demo catalogue" in texts(app)
    assert 0 < float(metrics(app)["ARI"]) <= 1
    assert address_of(app) == {}


# The threshold


def test_another_threshold_changes_the_score(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(100.0).run()
    assert metrics(app)["ARI"] == "0.000"
    assert metrics(app)["Groups found"] == "16"
    assert address_of(app)["at"] == "1.0"


def test_the_lowest_threshold_makes_one_group(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(threshold(app).min).run()
    assert metrics(app)["Groups found"] == "1"


def test_the_best_threshold_is_taken_by_its_button(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    assert button(app, "Take the best").disabled
    threshold(app).set_value(100.0).run()
    button(app, "Take the best").click().run()
    assert metrics(app)["ARI"] == "1.000"
    assert "at" not in address_of(app)
    assert button(app, "Take the best").disabled


def test_a_threshold_from_a_link_is_taken_exactly(tiny_catalog):
    app = open_page(folder=tiny_catalog, at="0.98765432")
    assert address_of(app)["at"] == "0.98765432"
    assert "98.8%" in texts(app)


def test_the_slider_may_return_to_where_it_was(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    opened = threshold(app).value
    threshold(app).set_value(100.0).run()
    threshold(app).set_value(opened).run()
    assert metrics(app)["ARI"] == "1.000"
    assert threshold(app).value == opened


def test_a_threshold_moved_by_hand_is_tuned_on_these_photos(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(threshold(app).value + 0.1).run()
    assert "tuned on these photos" in texts(app)


@pytest.mark.parametrize(("point", "n_groups"), [(-1, "16"), (0, "1")], ids=["all alone", "one group"])
def test_both_ends_of_the_curve_can_be_taken(tiny_catalog, point, n_groups):
    taken = points_of_the_curve(open_page(folder=tiny_catalog))["take"].iloc[point]
    app = open_page(folder=tiny_catalog, at=repr(float(taken)))
    assert metrics(app)["Groups found"] == n_groups
    assert threshold(app).value in (threshold(app).min, threshold(app).max)


def points_of_the_curve(app):
    """What the chart shows at each point, and takes when the point is clicked."""
    charts = app.get("vega_lite_chart")
    frames = [convert_arrow_bytes_to_pandas_df(data.data.data) for chart in charts for data in chart.proto.datasets]
    return next(frame for frame in frames if "take" in frame)


# The address


@pytest.mark.parametrize("at", ["nan", "inf", "-1", "-inf", "7", "eighty", "", "1e999", "\0"])
def test_a_hostile_threshold_falls_back_to_the_opening_one(tiny_catalog, at):
    app = open_page(folder=tiny_catalog, at=at)
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert "at" not in address_of(app)


def test_a_hostile_address_falls_back_to_the_defaults(tiny_catalog):
    hostile = {"space": "-1", "clusterer": "nan", "form": "<b>", "category": "no such", "copies": "maybe"}
    app = open_page(folder=tiny_catalog, at="inf", **hostile, **{"space.strength": "inf", "unknown": "x" * 9000})
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert select(app, "Space").value == "whitened"
    assert address_of(app) == {"extractor": "fake", "folder": str(tiny_catalog)}


@pytest.mark.parametrize(
    "folder",
    ["/no/such/folder", "nan", "-1", "~nobody-here/photos", "x" * 3000, "a/" * 1500, "/dev/null", "<b>", "$x$ *y*"],
    ids=lambda folder: folder[:12],
)
def test_a_folder_that_cannot_be_opened_is_told_in_one_sentence(folder):
    app = open_page(folder=folder)
    assert no_traceback(app)
    assert len(sentences(app)) == 1
    assert sentences(app)[0].endswith(".")
    assert "Open another catalogue" in [link.proto.label for link in app.get("page_link")]


def test_a_folder_with_a_nul_falls_back_to_the_demo(demo_folder):
    app = open_page(folder="/photos\0")
    assert no_traceback(app)
    assert "Demo catalogue" in texts(app)


@pytest.mark.parametrize("labels", ["/no/such.csv", "~nobody-here/a.csv", "x" * 3000, "/"])
def test_a_labels_file_that_cannot_be_read_is_told_in_one_sentence(tiny_catalog, labels):
    app = open_page(folder=tiny_catalog, labels=labels)
    assert no_traceback(app)
    assert len(sentences(app)) == 1


def test_a_folder_outside_the_roots_is_not_opened(tiny_catalog, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tmp_path / "elsewhere"))
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert "may not be opened" in sentences(app)[0]
    assert not metrics(app)


def test_a_labels_file_outside_the_roots_is_not_read(tiny_catalog, tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tiny_catalog))
    secret = tmp_path / "secret.txt"
    secret.write_text("one\n" * 16)
    app = open_page(folder=tiny_catalog, labels=str(secret))
    assert "may not be opened" in sentences(app)[0]


def test_a_link_shows_what_its_sender_saw(tiny_catalog):
    sender = open_page(folder=tiny_catalog)
    select(sender, "Clustering").set_value("complete")
    settled(sender)
    select(sender, "Category").set_value("bags")
    settled(sender)
    threshold(sender).set_value(99.9).run()
    receiver = settled(visit(**address_of(sender)))
    assert metrics(receiver) == metrics(sender)
    assert address_of(receiver) == address_of(sender)
    assert select(receiver, "Clustering").value == "complete"


def test_an_address_typed_later_is_followed(tiny_catalog, plain_folder):
    app = open_page(folder=tiny_catalog)
    app.query_params["folder"] = str(plain_folder)
    settled(app)
    assert "**plain**" in texts(app)
    assert select(app, "Catalogue").value == str(plain_folder)


# The choice


def test_a_choice_survives_a_page_change(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Clustering").set_value("single")
    settled(app)
    threshold(app).set_value(99.9).run()
    before = address_of(app)
    go_to(app, "pages/Catalogs.py")
    go_to(app, "app.py")
    assert no_traceback(app)
    assert address_of(app) == before
    assert select(app, "Clustering").value == "single"
    assert threshold(app).value == 99.9


@pytest.mark.parametrize("page", ["pages/Map.py", "pages/Groups.py", "pages/Confusion.py"])
def test_a_choice_goes_along_to_every_other_page_and_back(tiny_catalog, page):
    app = open_page(folder=tiny_catalog)
    select(app, "Clustering").set_value("single")
    select(app, "Category").set_value("shoes")
    app.slider(key="side-space-whitened-strength").set_value(0.75)
    settled(app)
    threshold(app).set_value(99.9).run()
    before = address_of(app)
    assert len(before) == 6
    go_to(app, page)
    assert address_of(app) == before
    go_to(app, "app.py")
    assert no_traceback(app)
    assert address_of(app) == before
    assert threshold(app).value == 99.9


def test_the_navigation_leads_on_with_what_is_chosen_now(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Clustering").set_value("complete")
    settled(app)
    links = [link.proto.query_string for link in app.get("page_link")]
    assert links
    assert all("clusterer=complete" in link for link in links)


def test_a_link_of_the_navigation_does_not_undo_a_threshold_set_after_it_was_drawn(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    drawn = address_of(app)
    threshold(app).set_value(99.9).run()
    app.query_params.clear()
    app.query_params.update(drawn)
    settled(app)
    assert threshold(app).value == 99.9


def test_another_algorithm_drops_the_threshold_of_the_last_one(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    threshold(app).set_value(100.0).run()
    select(app, "Clustering").set_value("complete")
    settled(app)
    assert metrics(app)["ARI"] == "1.000"
    assert "at" not in address_of(app)


def test_a_setting_off_its_default_stands_in_the_address(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    app.slider(key="side-space-whitened-strength").set_value(0.75)
    settled(app)
    assert address_of(app)["space.strength"] == "0.75"
    assert no_traceback(app)


def test_a_category_leaves_the_others_out(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    select(app, "Category").set_value("shoes")
    settled(app)
    assert "8 photos" in texts(app)
    assert metrics(app)["True models"] == "2"


def test_each_category_has_scores_of_its_own(tiny_catalog):
    app = open_page(folder=tiny_catalog)
    tables = [table.value for table in app.dataframe if "category" in table.value]
    assert list(tables[0]["category"]) == ["bags", "shoes"]
    assert list(tables[0]["photos"]) == [8, 8]


def test_byte_equal_copies_take_no_part_once_they_are_switched_off(tiny_catalog):
    photo = next((tiny_catalog / "bags").iterdir())
    shutil.copy(photo, photo.with_name("101_99_99.png"))
    app = open_page(folder=tiny_catalog)
    assert "17 photos" in texts(app)
    switch = next(toggle for toggle in app.toggle if toggle.label == "Leave out 1 byte-equal copy")
    switch.set_value(True)
    settled(app)
    assert "16 photos" in texts(app)
    assert address_of(app)["copies"] == "0"


# K-means, which has no tree


def test_kmeans_opens_with_nothing_tuned(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans")
    assert no_traceback(app)
    assert "nothing tuned" in texts(app)
    assert "tuned on these photos" not in texts(app)


def test_kmeans_with_a_setting_moved_is_tuned_on_these_photos(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans", **{"clusterer.photos_per_model": "4"})
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "4"
    assert "tuned on these photos" in texts(app)


def test_a_number_of_groups_is_applied(tiny_catalog):
    app = open_page(folder=tiny_catalog, clusterer="kmeans")
    count = next(field for field in app.number_input if field.label.startswith("Groups"))
    count.set_value(3)
    button(app, "Apply").click()
    settled(app)
    assert metrics(app)["Groups found"] == "3"
    assert address_of(app)["at"] == "3.0"
    assert "tuned on these photos" in texts(app)


@pytest.mark.parametrize("at", ["0", "-1", "17", "nan", "1e300"])
def test_a_hostile_number_of_groups_falls_back(tiny_catalog, at):
    app = open_page(folder=tiny_catalog, clusterer="kmeans", at=at)
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "1"


def test_other_labels_for_the_same_photos_give_other_scores(plain_folder, tmp_path):
    scores = []
    for name, models in {"right.txt": "ab" * 4, "wrong.txt": "aabb" * 2}.items():
        (tmp_path / name).write_text("\n".join(models))
        app = open_page(folder=plain_folder, labels=str(tmp_path / name), clusterer="kmeans", at="2")
        scores.append(float(metrics(app)["ARI"]))
    assert scores[0] == 1
    assert scores[1] < 0.1


# Catalogues of every kind


def test_without_true_models_the_threshold_is_a_guess(plain_folder):
    app = open_page(folder=plain_folder)
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "2"
    assert "ARI" not in metrics(app)
    assert "a guess without labels" in texts(app)
    assert not [label for label in metrics(app) if not metrics(app)[label]]


def test_half_labelled_photos_are_all_grouped_and_the_labelled_ones_scored(plain_folder, tmp_path):
    rows = "".join(f"photo {number}.png,{'a' if number % 2 else 'b'}\n" for number in range(4))
    (tmp_path / "half.csv").write_text("path,model\n" + rows)
    app = open_page(folder=plain_folder, labels=str(tmp_path / "half.csv"))
    assert metrics(app)["ARI"] == "1.000"
    assert "Scored on the 4 of 8 photos" in texts(app)


@pytest.mark.parametrize("at", [None, "1.0", "0.91"])
def test_two_photos_are_enough(tmp_path, draw_photo, at):
    draw_photo(tmp_path / "two" / "a.png", MODEL)
    draw_photo(tmp_path / "two" / "b.png", OTHER, 1)
    app = open_page(folder=tmp_path / "two", at=at)
    assert no_traceback(app)
    assert metrics(app)["Groups found"] in ("1", "2")


def test_one_photo_is_told_what_is_missing(tmp_path, draw_photo):
    draw_photo(tmp_path / "one" / "a.png", MODEL)
    app = open_page(folder=tmp_path / "one")
    assert no_traceback(app)
    assert sentences(app) == ["'one' has 1 photo that can be grouped; grouping needs at least 2."]


def test_no_photo_is_told_what_would_be_one(tmp_path):
    (tmp_path / "none").mkdir()
    (tmp_path / "none" / "notes.txt").write_text("nothing")
    app = open_page(folder=tmp_path / "none")
    assert no_traceback(app)
    assert "holds no photo that can be used (1 file was left out)" in sentences(app)[0]


def test_photos_of_one_model_make_one_group(tmp_path, draw_photo):
    for number in range(5):
        draw_photo(tmp_path / "same" / f"1_{number}_0.png", MODEL, number)
    app = open_page(folder=tmp_path / "same")
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
    assert metrics(app)["Groups found"] == "1"
    assert "-" not in texts(app).split("Groups at least")[1].split("similar")[0]


def test_models_of_one_photo_each_stay_alone(tmp_path):
    for number in range(5):
        rng = np.random.default_rng(number)
        path = tmp_path / "alone" / f"{number}_0_0.png"
        path.parent.mkdir(exist_ok=True)
        Image.fromarray(rng.integers(0, 255, (16, 16, 3), np.uint8)).save(path)
    app = open_page(folder=tmp_path / "alone")
    assert no_traceback(app)
    assert "a guess without labels" in texts(app), "the best threshold would show nothing"
    button(app, "Take the best").click().run()
    assert metrics(app)["ARI"] == "1.000"
    assert metrics(app)["Groups found"] == "5"


def test_photos_that_are_all_byte_equal_are_one_group(tmp_path, draw_photo):
    for number in range(4):
        draw_photo(tmp_path / "equal" / f"1_{number}_0.png", MODEL)
    app = open_page(folder=tmp_path / "equal")
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "1"


def test_a_photo_left_out_is_listed_with_its_reason(plain_folder):
    (plain_folder / "broken.jpg").write_bytes(b"\xff\xd8\xff")
    app = open_page(folder=plain_folder)
    assert no_traceback(app)
    assert "broken.jpg" in list(app.dataframe[0].value["file"])
    assert app.expander[0].label == "1 file left out"


def test_own_vectors_need_no_extractor(plain_folder, tmp_path):
    vectors = np.repeat(np.eye(2, 4, dtype=np.float32), 4, axis=0) + 0.01
    np.save(tmp_path / "own.npy", vectors)
    names = sorted(str(path) for path in plain_folder.iterdir())
    (tmp_path / "img_paths.txt").write_text("\n".join(names))
    app = open_page(folder=tmp_path / "own.npy")
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "2"
    assert select(app, "Feature extractor").options == ["Own vectors"]


@pytest.mark.parametrize("name", ["<b>bold<b>", "*stars* _and_ $maths$", ":red[x]", "x" * 120, "가방 사진"])
def test_a_name_is_shown_as_it_is_written(tmp_path, draw_photo, name):
    for number in range(4):
        draw_photo(tmp_path / name / f"model {number % 2}" / f"{number}.png", MODEL if number % 2 else OTHER, number)
    app = open_page(folder=tmp_path / name)
    assert no_traceback(app)
    assert f"**{name}** · 4 photos" in texts(app)
    line = next(element.value for element in app.markdown if "4 photos" in element.value)
    assert not re.search(r"(?<!\\)[<$_:\[]", line)


# What may go wrong


class BrokenExtractor:
    """Fails as often as it is told to, then works."""

    key = "broken-1"
    image_size = (8, 8)
    n_features = 3
    batch_size = 4

    def __init__(self, failures):
        self.failures = failures

    def extract(self, images):
        if self.failures:
            self.failures -= 1
            raise ShopsimError("The extractor is out of order; wait a moment.")
        return images.mean(axis=(1, 2)).astype(np.float32)


class WaitingExtractor(BrokenExtractor):
    """Gives one batch and waits for a sign before each further one."""

    key = "waiting-1"
    batch_size = 2

    def __init__(self):
        super().__init__(failures=0)
        self.batches = 0
        self.go_on = threading.Event()

    def extract(self, images):
        self.batches += 1
        if self.batches > 1:
            assert self.go_on.wait(30)
        return super().extract(images)


@pytest.fixture
def register():
    """Registers an extractor for the time of a test."""
    names = []

    def add(name, factory):
        extractors.register(name, title=name.title(), source="tests")(factory)
        names.append(name)

    extractors.names()
    yield add
    for name in names:
        del extractors._entries[name]


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


@pytest.mark.parametrize("change", ["changed", "deleted", "added"])
def test_a_photo_touched_while_the_app_is_open_is_noticed(plain_folder, draw_photo, change):
    app = open_page(folder=plain_folder)
    photo = plain_folder / "photo 3.png"
    if change == "deleted":
        photo.unlink()
    else:
        draw_photo(photo if change == "changed" else plain_folder / "new.png", MODEL, 99)
    st.cache_data.clear()  # the folder is looked at again only after some seconds
    settled(app)
    assert no_traceback(app)
    assert any(change in info.value for info in app.info)
    assert f"{ {'changed': 8, 'deleted': 7, 'added': 9}[change] } photos" in texts(app)


def test_weights_exported_again_while_the_app_is_open_are_taken(tiny_catalog, register, tmp_path, monkeypatch):
    weights = tmp_path / "weights"
    weights.write_text("one")
    asked = []

    def network():
        asked.append(weights.read_text())
        return BrokenExtractor(failures=0)

    register("network", network)
    monkeypatch.setattr("shopsim.ui.compute.weights_state", lambda *_, **__: weights.read_text())
    app = settled(open_page(folder=tiny_catalog, extractor="network"))
    weights.write_text("two")
    settled(app)
    assert asked == ["one", "two"]


def test_models_named_anew_while_the_app_is_open_are_called_so(tiny_catalog):
    (tiny_catalog / "models.csv").write_text("model_id,name\n101,Old bag\n")
    app = open_page(folder=tiny_catalog)
    assert "Old bag" in texts(app)
    (tiny_catalog / "models.csv").write_text("model_id,name\n101,New handbag\n")
    st.cache_data.clear()  # the folder is looked at again only after some seconds
    settled(app)
    assert "New handbag" in texts(app)
    assert "Old bag" not in texts(app)


def test_a_folder_deleted_while_the_app_is_open_is_told(plain_folder):
    app = open_page(folder=plain_folder)
    shutil.rmtree(plain_folder)
    st.cache_data.clear()
    settled(app)
    assert no_traceback(app)
    assert len(sentences(app)) == 1


def test_a_damaged_tree_in_the_cache_is_computed_again(tiny_catalog, tmp_path, monkeypatch):
    open_page(folder=tiny_catalog)
    (tree,) = (tmp_path / "shopsim-cache" / "trees").iterdir()
    tree.write_bytes(b"rubbish")
    fresh_server(tmp_path / "static", monkeypatch)
    app = open_page(folder=tiny_catalog)
    assert no_traceback(app)
    assert metrics(app)["ARI"] == "1.000"
