"""A catalogue of ten models, and new photos of two of them and of one other model."""

import pytest
from drawn_photos import draw_models, draw_photo
from match_cases import BLACK, COLOURS, N_PHOTOS

from shopsim.base.disk.store import Store
from shopsim.base.paths import cache_dir
from shopsim.catalog.open_folder import load_catalog


@pytest.fixture
def store():
    return Store(cache_dir())


@pytest.fixture
def catalog(tmp_path):
    return load_catalog(draw_models(tmp_path / "old", len(COLOURS), N_PHOTOS, COLOURS), form="folders")


@pytest.fixture
def new(tmp_path):
    """A photo of each of two known models, two of a new one, and a damaged file."""
    folder = tmp_path / "new"
    draw_photo(folder / "green.png", COLOURS[1], 907)
    draw_photo(folder / "red.png", COLOURS[0], 901)
    draw_photo(folder / "black 1.png", BLACK, 902)
    draw_photo(folder / "black 2.png", BLACK, 903)
    (folder / "bad.png").write_bytes(b"no photo")
    return folder
