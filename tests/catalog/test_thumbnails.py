"""Small pictures that the browser fetches: made once, named so that nobody can guess them, never of another photo."""

import os
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from shopsim.catalog.catalog import CatalogImage
from shopsim.catalog.photos.thumbnails import Thumbnails
from shopsim.catalog.scan import file_digest


@pytest.fixture
def image(tmp_path, draw_photo):
    return catalogued(draw_photo(tmp_path / "photos" / "a.png", (200, 40, 40)))


@pytest.fixture
def thumbnails(tmp_path):
    return Thumbnails(tmp_path / "static", tmp_path / "home")


def catalogued(path):
    return CatalogImage(path.name, path, file_digest(path))


def files(tmp_path):
    return sorted(path for path in (tmp_path / "static").rglob("*") if path.is_file())


def test_a_thumbnail_is_a_small_jpeg(thumbnails, image, tmp_path):
    (name,) = thumbnails.names([image], 32)
    with Image.open(tmp_path / "static" / name) as picture:
        assert picture.format == "JPEG"
        assert max(picture.size) == 32


def test_a_thumbnail_is_made_once(thumbnails, image, tmp_path):
    names = thumbnails.names([image], 32)
    made = files(tmp_path)[0].stat().st_mtime_ns
    assert thumbnails.names([image], 32) == names
    assert files(tmp_path)[0].stat().st_mtime_ns == made


def test_byte_equal_copies_share_one_file(thumbnails, image, tmp_path):
    names = thumbnails.names([image, replace(image, image_id="b.png"), image], 32)
    assert len(set(names)) == 1
    assert len(files(tmp_path)) == 1


def test_a_copy_stands_in_for_one_that_is_gone(thumbnails, image, tmp_path):
    gone = replace(image, path=tmp_path / "gone.png")
    for order in ([image, gone], [gone, image]):
        thumbnails.clear()
        assert None not in thumbnails.names(order, 32)


def test_another_size_is_another_file(thumbnails, image):
    assert thumbnails.names([image], 32) != thumbnails.names([image], 64)


def test_names_tell_nothing_of_the_photo(thumbnails, image, tmp_path):
    (name,) = thumbnails.names([image], 32)
    other_server = Thumbnails(tmp_path / "static", tmp_path / "other home")
    assert image.digest not in name
    assert other_server.names([image], 32) != [name]


def test_names_stay_the_same_after_a_restart(thumbnails, image, tmp_path):
    assert Thumbnails(tmp_path / "static", tmp_path / "home").names([image], 32) == thumbnails.names([image], 32)


def test_only_the_owner_may_read_the_secret(thumbnails, tmp_path):
    (secret,) = (tmp_path / "home").iterdir()
    assert secret.stat().st_mode & 0o077 == 0
    assert len(secret.read_bytes()) == 32


def test_a_damaged_secret_is_replaced(tmp_path):
    (tmp_path / "home").mkdir()
    (tmp_path / "home" / "thumbnail-secret").write_bytes(b"short")
    Thumbnails(tmp_path / "static", tmp_path / "home")
    assert len((tmp_path / "home" / "thumbnail-secret").read_bytes()) == 32


def test_a_photo_that_is_gone_has_none(thumbnails, image):
    image.path.unlink()
    assert thumbnails.names([image], 32) == [None]


def test_a_photo_that_is_no_picture_has_none_and_the_others_have(thumbnails, image, tmp_path):
    rubbish = tmp_path / "rubbish.jpg"
    rubbish.write_bytes(b"no picture")
    names = thumbnails.names([catalogued(rubbish), image], 32)
    assert names[0] is None
    assert names[1] is not None


def test_a_changed_photo_is_not_shown_under_the_old_name(thumbnails, image, draw_photo, tmp_path):
    draw_photo(image.path, (40, 60, 200), 1)
    assert thumbnails.names([image], 32) == [None]
    assert not (tmp_path / "static").exists()


def test_clearing_takes_the_pictures_and_nothing_else(thumbnails, image, tmp_path):
    thumbnails.names([image], 32)
    (tmp_path / "static" / ".gitkeep").touch()
    assert thumbnails.size()[0] == 1
    assert thumbnails.size()[1] > 0
    thumbnails.clear()
    assert thumbnails.size() == (0, 0)
    assert [path.name for path in files(tmp_path)] == [".gitkeep"]


def test_a_thumbnail_cleared_by_another_process_meanwhile_does_not_count(thumbnails, image, monkeypatch):
    thumbnails.names([image], 32)
    scandir = os.scandir

    def with_one_that_goes(folder):
        Path(folder, f"{'0' * 32}.jpg").touch()
        entries = list(scandir(folder))
        Path(folder, f"{'0' * 32}.jpg").unlink()
        return nullcontext(entries)

    monkeypatch.setattr(os, "scandir", with_one_that_goes)
    assert thumbnails.size()[0] == 1


def test_no_photos_need_no_folder(thumbnails, tmp_path):
    assert thumbnails.names([], 32) == []
    assert thumbnails.size() == (0, 0)
