"""Tune without true models: the field for how many photos a model has."""

import pytest
from app_pages import address_of, metrics, no_traceback, open_page, settled, texts, visit
from calibration_cases import KNOWN

from shopsim.ui.tune.calibration import Calibrated


@pytest.fixture
def plain_folder(tmp_path, draw_photo):
    """Twelve photos of two kinds, without models."""
    for number in range(12):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", (200, 60, 40) if number % 2 else (40, 60, 200), number)
    return tmp_path / "plain"


def field(app):
    return [element for element in app.number_input if element.label.startswith("Photos per model, if")]


def calibration_field(app):
    return next(element for element in app.number_input if element.label == "Photos per model you expect")


def test_a_known_number_of_photos_a_model_sets_the_threshold(plain_folder):
    app = open_page(folder=plain_folder)
    (expected,) = field(app)
    assert expected.value is None
    app = expected.set_value(12).run()
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "1"
    assert "Threshold: a guess for models of 12 photos." in texts(app)
    assert "**1 group**. _Threshold" in texts(app)
    app = field(app)[0].set_value(1).run()
    assert metrics(app)["Groups found"] == "12"
    assert "Threshold: a guess for models of 1 photo." in texts(app)
    slider = next(slider for slider in app.slider if slider.label == "Similarity threshold")
    app = slider.set_value(50.0).run()
    assert "Threshold: nothing tuned." in texts(app)


def test_all_photos_alone_are_no_more_than_the_slider_takes(tmp_path, draw_photo):
    for number in range(6):
        draw_photo(tmp_path / "equal" / f"photo {number}.png", (200, 60, 40), 1)
    app = open_page(folder=tmp_path / "equal")
    app = field(app)[0].set_value(1).run()
    assert no_traceback(app)
    assert float(address_of(app).get("at", "1")) <= 1.0


def test_the_calibration_opens_with_the_number_that_is_known(plain_folder, monkeypatch):
    given = Calibrated(KNOWN, None, "tuned on 'bags'")
    monkeypatch.setattr("shopsim.ui.tune.advanced.calibration_for", lambda opened: given)
    app = visit(folder=plain_folder)
    app.session_state["calibration"] = True
    app = settled(app)
    assert calibration_field(app).value == 7.0
    field(app)[0].set_value(3)
    app = settled(app)
    assert calibration_field(app).value == 3.0
    calibration_field(app).set_value(5.0)
    app = settled(app)
    assert calibration_field(app).value == 5.0
    assert field(app)[0].value == 3.0


def test_a_field_left_empty_changes_nothing(plain_folder):
    app = open_page(folder=plain_folder)
    before = metrics(app)
    app = field(app)[0].set_value(3).run()
    app = field(app)[0].set_value(None).run()
    assert no_traceback(app)
    assert metrics(app).keys() == before.keys()


def test_labelled_photos_and_clusterings_without_a_threshold_have_no_such_field(plain_folder, tiny_catalog):
    assert not field(open_page(folder=tiny_catalog))
    assert not field(open_page(folder=plain_folder, clusterer="kmeans"))
