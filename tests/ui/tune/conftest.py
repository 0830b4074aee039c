"""What the tests of the Tune page share."""

import pytest
from mixed_folders import BLUE, RED

from shopsim.features.extractors import extractors


@pytest.fixture
def plain_folder(tmp_path, draw_photo):
    """Eight photos without true models: four of one thing, four of another."""
    for number in range(8):
        draw_photo(tmp_path / "plain" / f"photo {number}.png", RED if number % 2 else BLUE, number)
    return tmp_path / "plain"


@pytest.fixture
def register():
    """Registers an extractor for the time of a test."""

    def add(name, factory):
        extractors.register(name, title=name.title(), source="tests")(factory)

    with extractors.temporarily():
        yield add
