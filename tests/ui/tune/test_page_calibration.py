"""Calibrated similarity on the Tune page: closed until asked for, honest about where it comes from, and kept."""

import pytest
from app_pages import address_of, button, go_to, metrics, no_traceback, open_page, settled, texts, visit
from calibration_cases import KNOWN
from drawn_photos import draw_models

from shopsim.ui.tune.calibration import Calibrated

SENTENCE = "Two photos this similar show the same model"


@pytest.fixture
def many_models(tmp_path):
    """Ten models of four photos, told apart by colour."""
    return draw_models(tmp_path / "many", 10, colours=2, name="{model}/{number}.png")


def opened(folder, **address):
    """The Tune page with the expander open."""
    app = visit(folder=folder, **address)
    app.session_state["calibration"] = True
    return settled(app)


def field(app, start):
    return next(field for field in app.number_input if field.label.startswith(start))


def sentence(app):
    return next(line for line in texts(app).splitlines() if line.startswith(SENTENCE))


def test_closed_it_costs_and_says_nothing(many_models):
    app = open_page(folder=many_models)
    assert no_traceback(app)
    assert "Calibrated similarity" in [box.label for box in app.expander]
    assert SENTENCE not in texts(app)
    assert not [field for field in app.number_input if field.label.startswith("Photos per model")]


def test_open_it_reads_the_threshold_as_a_probability_tuned_on_these_photos(many_models):
    app = opened(many_models)
    assert no_traceback(app)
    assert "of the pairs within groups are expected to be right" in sentence(app)
    assert "Calibration: tuned on these photos" in sentence(app)
    assert field(app, "Photos per model").value == 4.0


def test_another_threshold_has_another_probability(many_models):
    app = opened(many_models)
    before = sentence(app)
    slider = next(slider for slider in app.slider if slider.label == "Similarity threshold")
    slider.set_value(slider.min)
    settled(app)
    assert sentence(app) != before


def test_the_threshold_of_a_probability_is_taken(many_models):
    app = opened(many_models)
    field(app, "Probability").set_value(60.0)
    settled(app)
    taken = button(app, "Take the threshold of 60 %")
    shown = float(taken.label.rsplit(" ", 1)[1].rstrip("%"))
    taken.click()
    settled(app)
    assert float(address_of(app)["at"]) * 100 == pytest.approx(shown, abs=0.06)
    assert "**60%** probability" in sentence(app)
    assert button(app, "Take the threshold of 60 %").disabled


def test_more_photos_a_model_make_one_model_more_probable(many_models):
    app = opened(many_models)
    field(app, "Probability").set_value(60.0)
    settled(app)
    button(app, "Take the threshold").click()
    settled(app)
    field(app, "Photos per model").set_value(20.0)
    settled(app)
    likely = int(sentence(app).split("**")[1].rstrip("%").removeprefix("over "))
    assert likely > 80


def test_the_fields_survive_a_page_change(many_models):
    app = opened(many_models)
    field(app, "Photos per model").set_value(9.0)
    field(app, "Probability").set_value(70.0)
    settled(app)
    go_to(app, "pages/Catalogs.py")
    app.session_state["calibration"] = True
    go_to(app, "app.py")
    assert no_traceback(app)
    assert field(app, "Photos per model").value == 9.0
    assert field(app, "Probability").value == 70.0


def test_the_check_is_made_on_held_out_models_once_asked_for(many_models):
    app = opened(many_models)
    assert "Calibration error" not in metrics(app)
    next(toggle for toggle in app.toggle if toggle.label.startswith("Check it")).set_value(True)
    settled(app)
    assert no_traceback(app)
    assert {"Calibration error", "Log loss", "Log loss without similarity"} <= metrics(app).keys()
    assert float(metrics(app)["Log loss"]) < float(metrics(app)["Log loss without similarity"])
    assert "Held-out models" in texts(app)


def test_the_check_follows_a_second_extractor(many_models):
    found = []
    for address in ({}, {"add": "color_shape", "share": "0.5"}):
        app = opened(many_models, **address)
        next(toggle for toggle in app.toggle if toggle.label == "Check it on held-out models").set_value(True)
        settled(app)
        assert no_traceback(app)
        found.append(metrics(app)["Log loss"])
    assert found[0] != found[1]


def test_too_few_models_to_hold_out_are_told_and_the_rest_stays(tiny_catalog):
    app = opened(tiny_catalog)
    next(toggle for toggle in app.toggle if toggle.label.startswith("Check it")).set_value(True)
    settled(app)
    assert no_traceback(app)
    assert "Models with two or more photos: 4" in texts(app)
    assert SENTENCE in texts(app)
    assert metrics(app)["ARI"] == "1.000"


def test_too_few_pairs_are_told_and_the_page_goes_on(tmp_path, draw_photo):
    for number in range(4):
        draw_photo(tmp_path / "few" / f"{number % 2}" / f"{number}.png", (200, 40, 40 + 100 * (number % 2)), number)
    app = opened(tmp_path / "few")
    assert no_traceback(app)
    assert "calibrating similarity needs at least 10 of each" in texts(app)
    assert "Groups found" in metrics(app)


@pytest.mark.parametrize("clusterer", ["kmeans"])
def test_a_number_of_groups_is_no_similarity(many_models, clusterer):
    app = opened(many_models, clusterer=clusterer)
    assert no_traceback(app)
    assert "Calibrated similarity" not in [box.label for box in app.expander]


def test_without_true_models_nothing_is_shown(tmp_path, draw_photo):
    for number in range(8):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", (200, 40, 40), number)
    app = opened(tmp_path / "plain")
    assert no_traceback(app)
    assert "Calibrated similarity" not in [box.label for box in app.expander]


@pytest.mark.parametrize("merges", [None, KNOWN])
def test_without_true_models_one_from_elsewhere_is_named(tmp_path, draw_photo, monkeypatch, merges):
    for number in range(8):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", (200, 40, 20 * number), number)
    given = Calibrated(KNOWN, merges, "tuned on 'bags & co'")
    monkeypatch.setattr("shopsim.ui.tune.advanced.calibration_for", lambda opened: given)
    app = opened(tmp_path / "plain")
    assert no_traceback(app)
    assert "Calibration: tuned on 'bags & co'" in sentence(app)
    assert "expected to be right" in sentence(app)
    assert field(app, "Photos per model you expect").value == 7.0
    assert not [toggle for toggle in app.toggle if toggle.label.startswith("Check it")]
