"""Tune without true models by the built-in settings: the opening, expected scores, photos per model."""

import re

import numpy as np
import pytest
from app_pages import address_of, button, button_labels, go_to, metrics, no_traceback, open_page, settled, texts
from app_pages import threshold as slider
from built_in_cases import forget_built_in, share_built_in
from vector_folders import vectors_folder

from shopsim.tuning.built_in.cuts import Cuts
from shopsim.tuning.built_in.expected import Estimate, ExpectedCurve
from shopsim.tuning.built_in.opening import Blind

COLOURS = ((200, 60, 40), (40, 60, 200), (60, 180, 60), (200, 200, 40))
BUILT_IN = "Threshold: built-in settings."


@pytest.fixture(autouse=True)
def built_in(tmp_path, monkeypatch, server):
    share_built_in(tmp_path / "built-in", monkeypatch)
    yield
    forget_built_in()


@pytest.fixture
def plain(tmp_path, draw_photo):
    """Sixteen photos of four things, without models."""
    for number in range(16):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", COLOURS[number % 4], number)
    return tmp_path / "plain"


@pytest.fixture
def labelled(tmp_path, draw_photo):
    """The same in a folder per model."""
    for number in range(16):
        draw_photo(tmp_path / "models" / f"model {number % 4}" / f"{number}.png", COLOURS[number % 4], number)
    return tmp_path / "models"


def field(app):
    return next(element for element in app.number_input if element.label == "Photos per model")


def test_every_page_opens_by_the_built_in_settings(plain):
    app = open_page(folder=plain)
    assert no_traceback(app)
    assert BUILT_IN in texts(app)
    opened = slider(app).value
    for page in ("pages/Groups.py", "pages/Map.py"):
        app = go_to(app, page)
        assert BUILT_IN in texts(app)
        assert slider(app).value == opened
    assert "at" not in address_of(app)


def test_expected_scores_stand_in_the_place_of_measured_ones(plain):
    app = open_page(folder=plain)
    shown = metrics(app)
    assert {"Expected ARI", "Expected pair precision", "Expected pair recall"} <= shown.keys()
    assert "ARI" not in shown
    expected = next(metric for metric in app.metric if metric.label == "Expected ARI")
    assert expected.delta.startswith("likely 0.")
    assert "not a measurement" in expected.help
    assert "**Expected scores at every threshold**" in texts(app)
    assert "The threshold is a guess" not in texts(app)


def test_a_threshold_that_was_moved_stays_and_leads_back(plain):
    app = open_page(folder=plain)
    opened = slider(app).value
    app = slider(app).set_value(slider(app).min).run()
    assert "Threshold: moved by hand." in texts(app)
    assert "at" in address_of(app)
    app = go_to(go_to(app, "pages/Groups.py"), "app.py")
    assert slider(app).value == slider(app).min < opened
    app = button(app, "Take the built-in threshold").click().run()
    assert slider(app).value == opened
    assert BUILT_IN in texts(app)


def of_four(extractor, recipe, tree, vectors, features, second):
    """Says of any photos that models have four, whatever the forest would say."""
    cuts = Cuts.of(tree)
    same = np.tile([0.6, 0.5, 0.7], (len(cuts), 1))
    curve = ExpectedCurve(cuts.threshold, cuts.n_groups, same, same, same)
    opening = float(cuts.threshold[cuts.n_groups.tolist().index(4)])
    return Blind(opening, Estimate(4.0, 3.0, 6.0), curve, np.zeros(len(cuts)))


def test_another_number_of_photos_per_model_moves_the_threshold(plain, monkeypatch):
    monkeypatch.setattr("shopsim.tuning.built_in.look.opening_without_labels", of_four)
    app = open_page(folder=plain)
    estimate = field(app).value
    assert 1 <= estimate <= 16
    assert "The estimate is about" in texts(app)
    app = field(app).set_value(16.0).run()
    assert no_traceback(app)
    assert "a guess for models of 16 photos" in texts(app)
    moved = int(metrics(app)["Groups found"])
    link = address_of(app)
    assert metrics(open_page(folder=plain, at=link["at"]))["Groups found"] == str(moved)
    app = field(app).set_value(estimate).run()
    assert BUILT_IN in texts(app)
    assert int(metrics(app)["Groups found"]) > moved


def test_half_and_twice_say_what_the_groups_become_and_take_it(plain, monkeypatch):
    monkeypatch.setattr("shopsim.tuning.built_in.look.opening_without_labels", of_four)
    app = open_page(folder=plain)
    assert (field(app).value, metrics(app)["Groups found"]) == (4.0, "4")
    assert "about 4 photos per model, likely 3 to 6." in texts(app)
    assert [label[:18] for label in button_labels(app) if label.startswith("Half")] == ["Half, 2: 8 groups "]
    app = button(app, "Twice, 8: 2 groups").click().run()
    assert (field(app).value, metrics(app)["Groups found"]) == (8.0, "2")
    assert "a guess for models of 8 photos" in texts(app)
    app = button(app, "Half, 4: 4 groups").click().run()
    assert (field(app).value, metrics(app)["Groups found"]) == (4.0, "4")
    assert BUILT_IN in texts(app)


def test_expected_scores_are_written_with_the_digits_they_deserve(plain, monkeypatch):
    monkeypatch.setattr("shopsim.tuning.built_in.look.opening_without_labels", of_four)
    shown = {metric.label: (metric.value, metric.delta) for metric in open_page(folder=plain).metric}
    assert shown["Expected ARI"] == ("0.60", "likely 0.50 to 0.70")
    assert shown["Expected pair recall"] == ("60%", "likely 50% to 70%")


def test_the_groups_page_names_the_expected_ari(plain):
    app = open_page("pages/Groups.py", folder=plain)
    assert "Expected ARI of these groups: 0." in texts(app)


def test_without_built_in_settings_the_page_says_why(plain):
    app = open_page(folder=plain, clusterer="complete")
    assert no_traceback(app)
    assert "Expected ARI" not in metrics(app)
    assert "The threshold is a guess" in texts(app)
    assert "The built-in settings are for whitened and average" in texts(app)


@pytest.mark.parametrize("n_photos", [2, 6])
def test_photos_that_are_too_few_or_all_equal_open_by_a_guess(tmp_path, draw_photo, n_photos):
    for number in range(n_photos):
        draw_photo(tmp_path / "few" / f"photo {number}.png", COLOURS[0], 1)
    app = open_page(folder=tmp_path / "few")
    assert no_traceback(app)
    assert "Expected ARI" not in metrics(app)
    assert "at least 5 different photos" in texts(app)


def test_own_vectors_open_by_a_guess(tmp_path):
    app = open_page(folder=vectors_folder(tmp_path / "own", labels=False), extractor="own_vectors")
    assert no_traceback(app)
    assert "no built-in settings for the extractor 'own_vectors'" in texts(app)


def test_one_label_is_enough_for_measured_scores(tmp_path, plain):
    names = sorted(path.name for path in plain.iterdir())
    lines = [f"{name},{'a' if number < 4 else ''}" for number, name in enumerate(names)]
    (tmp_path / "labels.csv").write_text("\n".join(["path,model", *lines]))
    app = open_page(folder=plain, labels=str(tmp_path / "labels.csv"))
    assert no_traceback(app)
    assert "ARI" in metrics(app)
    assert "Expected ARI" not in metrics(app)


def test_labelled_photos_show_expected_scores_only_when_asked(labelled):
    app = open_page(folder=labelled)
    assert "Threshold: tuned on these photos." in texts(app)
    assert "Expected ARI" not in metrics(app)
    toggle = next(each for each in app.toggle if each.label.startswith("Expected scores"))
    app = settled(toggle.set_value(True).run())
    assert no_traceback(app)
    assert "as if no photo had a label" in texts(app)
    table = app.dataframe[-1].value
    assert table["threshold"].tolist()[:2] == ["on this page", "built-in settings"]
    assert table["ARI"].tolist()[0] == f"{float(metrics(app)['ARI']):.2f}"
    assert all(re.fullmatch(r"[01]\.\d\d \([01]\.\d\d–[01]\.\d\d\)", text) for text in table["expected ARI"])


def test_where_nothing_is_built_in_the_toggle_is_off_and_says_why(labelled):
    app = open_page(folder=labelled, clusterer="complete")
    toggle = next(each for each in app.toggle if each.label.startswith("Expected scores"))
    assert toggle.disabled
    assert "whitened and average" in toggle.help
