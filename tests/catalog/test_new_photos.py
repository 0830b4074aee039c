"""New photos from folders, zips and files, and what is sent to the server."""

import io
import os
import shutil
import zipfile

import pytest
from drawn_photos import draw_photo

from shopsim import ShopsimError
from shopsim.catalog.incoming import KEPT_S, KIND, take_in
from shopsim.catalog.new_photos import open_new_photos
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.zips.zip_entries import Limits


@pytest.fixture
def photo(tmp_path):
    return draw_photo(tmp_path / "one.png", (200, 30, 30))


def zipped(path, **files):
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in files.items():
            archive.writestr(name.replace("_", "/") + ".png", data)
    return path


def sent(path, name=None):
    return name or path.name, io.BytesIO(path.read_bytes())


def test_folders_zips_and_files_become_one_catalogue(tmp_path, photo, cache):
    draw_photo(tmp_path / "folder/101_1_1.png", (30, 200, 30))
    draw_photo(tmp_path / "folder/sub/one.png", (30, 30, 200))
    packed = zipped(tmp_path / "some.zip", **{"in_one": photo.read_bytes(), "bad": b"no photo"})
    found = open_new_photos([tmp_path / "folder", packed, photo], cache=cache)
    assert found.image_ids == ("101_1_1.png", "one.png", "some/in/one.png", "sub/one.png")
    assert found.models == ()
    assert [problem.name for problem in found.problems] == ["some/bad.png"]


def test_the_same_name_again_gets_a_number(tmp_path, photo, cache):
    other = draw_photo(tmp_path / "other/one.png", (30, 200, 30))
    assert open_new_photos([photo, other], cache=cache).image_ids == ("one (2).png", "one.png")


def test_a_file_that_is_no_photo_or_damaged_is_left_out_with_its_reason(tmp_path, cache):
    (tmp_path / "text.txt").write_text("no photo")
    (tmp_path / "bad.png").write_bytes(b"no photo")
    found = open_new_photos([tmp_path / "text.txt", tmp_path / "bad.png"], cache=cache)
    assert found.images == ()
    assert {problem.name: problem.reason[:11] for problem in found.problems} == {
        "text.txt": "not a photo",
        "bad.png": "Cannot read",
    }


def test_a_place_that_is_not_there_is_said(tmp_path, cache):
    with pytest.raises(ShopsimError, match="does not exist"):
        open_new_photos([tmp_path / "nowhere"], cache=cache)


def test_a_single_photo_does_not_replace_what_is_known_of_its_folder(tmp_path, photo, cache):
    draw_photo(tmp_path / "two.png", (30, 200, 30))
    load_catalog(tmp_path, form="plain", cache=cache)
    before = {path: path.read_bytes() for path in (cache / "digests").iterdir()}
    open_new_photos([photo], cache=cache)
    assert all(path.read_bytes() == content for path, content in before.items())


def test_the_same_files_have_the_same_folder_and_are_not_written_again(tmp_path, photo, cache):
    (tmp_path / "text.txt").write_text("no photo")
    files = [sent(photo), sent(tmp_path / "text.txt")]
    folder, left_out = take_in(files, cache)
    before = (folder / "one.png").stat().st_mtime_ns
    assert take_in(files, cache) == (folder, left_out)
    assert (folder / "one.png").stat().st_mtime_ns == before
    assert [problem.name for problem in left_out] == ["text.txt"]
    assert take_in(files[:1], cache)[0] != folder


@pytest.mark.parametrize("name", ["../out.png", "/etc/out.png", "a/../../out.png", "c:/out.png", ".hidden.png", ""])
def test_a_name_leads_nowhere_else(photo, cache, name):
    folder, left_out = take_in([sent(photo), (name, io.BytesIO(photo.read_bytes()))], cache)
    assert [path.name for path in folder.rglob("*")] == ["one.png"]
    assert len(left_out) == 1
    assert sorted(path.name for path in (cache / KIND).iterdir()) == [folder.name, f"{folder.name}-left-out.json"]


def test_equal_names_are_kept_apart(photo, cache):
    other = draw_photo(photo.parent / "other.png", (30, 200, 30))
    folder, _ = take_in([sent(photo, "image.png"), sent(other, "image.png")], cache)
    assert sorted(path.name for path in folder.iterdir()) == ["image (2).png", "image.png"]


def test_a_zip_among_the_files_is_unpacked_within_its_limits(tmp_path, photo, cache):
    packed = zipped(tmp_path / "some.zip", a=photo.read_bytes())
    folder, _ = take_in([sent(photo), sent(packed)], cache)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png")) == ["one.png", "some/a.png"]
    with pytest.raises(ShopsimError, match="at most"):
        take_in([sent(packed), sent(photo)], cache, Limits(n_bytes=10))
    with pytest.raises(ShopsimError, match="at most 1"):
        take_in([sent(packed), sent(photo)], cache, Limits(n_files=1))


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("bad.zip", b"PK no zip", "is not a readable zip file"),
        (".photos.zip", None, "it is a hidden file"),
        ("../.zip", None, "its path leads out of the folder"),
        ("/.zip", None, "its path is absolute"),
    ],
)
def test_a_zip_that_cannot_be_used_is_left_out_by_name(tmp_path, photo, cache, name, data, reason):
    packed = zipped(tmp_path / "some.zip", a=photo.read_bytes())
    folder, left_out = take_in([sent(photo), (name, io.BytesIO(data or packed.read_bytes())), sent(packed)], cache)
    assert sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*.png")) == ["one.png", "some/a.png"]
    assert [problem.name for problem in left_out] == [name]
    assert reason in left_out[0].reason


@pytest.mark.parametrize("name", [".hid.zip", "bad.zip"])
def test_a_bad_zip_on_this_machine_does_not_stop_the_photos_beside_it(tmp_path, photo, cache, name):
    (tmp_path / name).write_bytes(b"PK no zip")
    found = open_new_photos([tmp_path / name, photo], cache=cache)
    assert found.image_ids == ("one.png",)
    assert [problem.name for problem in found.problems] == [name]


def test_a_full_disk_is_not_a_fault_of_the_zip(tmp_path, photo, cache, monkeypatch):
    packed = zipped(tmp_path / "some.zip", a=photo.read_bytes())
    usage = shutil.disk_usage(tmp_path)
    monkeypatch.setattr(shutil, "disk_usage", lambda _: usage._replace(free=0))
    with pytest.raises(ShopsimError, match="bytes of disk"):
        take_in([sent(packed)], cache)
    monkeypatch.undo()
    assert take_in([sent(packed)], cache)[1] == ()


def test_what_nobody_sent_again_for_a_day_is_removed(tmp_path, photo, cache):
    folder, _ = take_in([sent(photo)], cache)
    os.utime(folder, (1, folder.stat().st_mtime - KEPT_S - 1))
    take_in([sent(draw_photo(tmp_path / "b.png", (30, 200, 30)))], cache)
    assert not folder.exists()


def test_the_list_of_files_left_out_stays_as_long_as_the_photos(tmp_path, photo, cache):
    (tmp_path / "text.txt").write_text("no photo")
    files = [sent(photo), sent(tmp_path / "text.txt")]
    _, left_out = take_in(files, cache)
    for path in (cache / KIND).iterdir():
        os.utime(path, (1, path.stat().st_mtime - KEPT_S - 1))
    take_in(files, cache)
    take_in([sent(draw_photo(tmp_path / "b.png", (30, 200, 30)))], cache)
    assert take_in(files, cache)[1] == left_out != ()
