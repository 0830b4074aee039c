"""Tune without true models: the field for how many photos a model has."""

import pytest
from app_pages import fresh_server, metrics, no_traceback, open_page


@pytest.fixture(autouse=True)
def server(tmp_path, monkeypatch):
    """Nothing left in the server's memory, no page written beside the program."""
    fresh_server(tmp_path / "static", monkeypatch)


@pytest.fixture
def plain_folder(tmp_path, draw_photo):
    """Twelve photos of two kinds, without models."""
    for number in range(12):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", (200, 60, 40) if number % 2 else (40, 60, 200), number)
    return tmp_path / "plain"


def field(app):
    return [element for element in app.number_input if element.label.startswith("Photos a model, if")]


def test_a_known_number_of_photos_a_model_sets_the_threshold(plain_folder):
    app = open_page(folder=plain_folder)
    (expected,) = field(app)
    assert expected.value is None
    app = expected.set_value(12).run()
    assert no_traceback(app)
    assert metrics(app)["Groups found"] == "1"
    app = field(app)[0].set_value(1).run()
    assert metrics(app)["Groups found"] == "12"


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
