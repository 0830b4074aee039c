"""Pictures for pointing at: addresses at once, files later."""

import pytest

from shopsim.base.work.progress import Stopped
from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.hover_pictures import HoverPictures
from shopsim.catalog.scan import file_digest


@pytest.fixture
def pictures(tmp_path):
    return HoverPictures(tmp_path / "static", tmp_path / "home")


@pytest.fixture
def images(tmp_path, draw_photo):
    paths = [draw_photo(tmp_path / f"{number}.png", (200, 40, 40), number) for number in range(5)]
    return [CatalogImage(path.name, path, file_digest(path)) for path in paths]


def test_addresses_are_known_before_the_pictures_are_made(pictures, images, tmp_path):
    names = pictures.names_to_come(images)
    assert not (tmp_path / "static").exists()
    pictures.make_all(images)
    made = (path.relative_to(tmp_path / "static").as_posix() for path in (tmp_path / "static").rglob("*.jpg"))
    assert sorted(made) == sorted(names)


def test_a_photo_that_is_gone_is_named(pictures, images):
    images[2].path.unlink()
    assert pictures.make_all(images) == frozenset(pictures.names_to_come(images[2:3]))


def test_what_was_made_before_a_stop_is_kept(pictures, images, monkeypatch):
    monkeypatch.setattr("shopsim.catalog.photos.hover_pictures._BATCH", 2)

    def stop_at_the_second(done, total):
        if done:
            raise Stopped

    with pytest.raises(Stopped):
        pictures.make_all(images, stop_at_the_second)
    assert sum(pictures.is_there(image) for image in images) == 2


def test_no_photos_need_no_pictures(pictures):
    assert pictures.make_all([]) == frozenset()
