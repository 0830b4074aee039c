"""What uploads are there and how large; deleting one never leaves the folder of uploads."""

import os

import pytest

from shopsim import ShopsimError
from shopsim.base.paths import uploads_dir
from shopsim.catalog.zips.upload_list import delete_upload, describe_upload, upload_folders


def uploaded(name, age=0, **files):
    folder = uploads_dir() / name
    folder.mkdir(parents=True)
    for number, content in enumerate(files.values()):
        (folder / f"{number}.jpg").write_bytes(content)
    os.utime(folder, (1_700_000_000 - age,) * 2)
    return folder


def test_uploads_are_listed_the_latest_first_with_what_they_hold():
    assert upload_folders() == []
    uploaded("old", age=100, a=b"12345")
    new = uploaded("new", a=b"123", b=b"4567")
    (new / "models").mkdir()
    (new / "models" / "catalog.csv").write_bytes(b"path")
    os.utime(new, (1_700_000_000,) * 2)
    uploaded(".being.unpacking")
    (uploads_dir() / "link").symlink_to(new)
    (uploads_dir() / "stray.zip").touch()
    assert [folder.name for folder in upload_folders()] == ["new", "old"]
    described = describe_upload(new)
    assert (described.n_photos, described.n_bytes, described.uploaded) == (2, 11, 1_700_000_000)


def test_deleting_one_leaves_the_others():
    uploaded("a", a=b"1")
    uploaded("b", a=b"1")
    delete_upload("a")
    assert [path.name for path in uploads_dir().iterdir()] == ["b"]


@pytest.mark.parametrize("name", ["..", ".", "", "../outside", "/etc", "a/models", "link", "gone", "stray.zip", "\0"])
def test_nothing_but_an_upload_is_deleted(tmp_path, name):
    (uploaded("a") / "models").mkdir()
    (tmp_path / "outside").mkdir()
    (uploads_dir() / "link").symlink_to(tmp_path / "outside")
    (uploads_dir() / "stray.zip").touch()
    with pytest.raises(ShopsimError, match="There is no upload"):
        delete_upload(name)
    assert sorted(path.name for path in uploads_dir().iterdir()) == ["a", "link", "stray.zip"]
    assert (tmp_path / "outside").is_dir()


def test_links_in_an_upload_are_neither_counted_nor_followed(tmp_path):
    (tmp_path / "photos").mkdir()
    (tmp_path / "photos" / "mine.jpg").write_bytes(b"x" * 100_000)
    folder = uploaded("a")
    (folder / "link").symlink_to(tmp_path / "photos")
    (folder / "b.jpg").symlink_to(tmp_path / "photos" / "mine.jpg")
    assert describe_upload(folder).n_bytes < 1000
    delete_upload("a")
    assert (tmp_path / "photos" / "mine.jpg").read_bytes() == b"x" * 100_000
    assert list(uploads_dir().iterdir()) == []
