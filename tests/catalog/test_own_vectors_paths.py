"""Paths beside own vectors: a photo is shown only where its path may lead."""

import os

import numpy as np
from catalog_fixtures import photo_folder, reasons, write_photo

from shopsim.base.paths import is_file
from shopsim.catalog.open_folder import load_catalog


def shown(catalog):
    return {image.image_id: is_file(image.path) for image in catalog.images}


def test_absolute_paths_are_shown_where_nothing_forbids_it(bring, tmp_path):
    outside = str(write_photo(tmp_path / "elsewhere" / "a.jpg"))
    catalog = bring(np.eye(2), [outside, "../elsewhere/a.jpg"])
    assert shown(catalog) == {outside: True, "../elsewhere/a.jpg": True}


def test_paths_out_of_the_named_roots_are_not_followed(bring, tmp_path, monkeypatch):
    outside = str(write_photo(tmp_path / "elsewhere" / "a.jpg"))
    link = tmp_path / "own" / "link.jpg"
    write_photo(tmp_path / "own" / "b.jpg")
    link.symlink_to(outside)
    paths = [outside, "../elsewhere/a.jpg", "link.jpg", "b.jpg"]
    monkeypatch.setenv("SHOPSIM_ROOTS", str(tmp_path / "own"))
    catalog = bring(np.eye(4), paths)
    assert shown(catalog) == {outside: False, "../elsewhere/a.jpg": False, "link.jpg": False, "b.jpg": True}
    assert "leads out of the folders that may be opened" in reasons(catalog)["link.jpg"]
    monkeypatch.setenv("SHOPSIM_ROOTS", f"{tmp_path / 'own'}{os.pathsep}{tmp_path / 'elsewhere'}")
    assert shown(bring(np.eye(4), paths)) == dict.fromkeys(paths, True)


def test_files_beside_the_vectors_that_lead_out_of_the_roots_are_not_read(bring, tmp_path, monkeypatch):
    (tmp_path / "secret.txt").write_text("x\ny\n")
    folder = bring(np.eye(2), ["a", "b"]).vectors_path.parent
    (folder / "labels_true.txt").symlink_to(tmp_path / "secret.txt")
    assert load_catalog(folder, cache=tmp_path / "cache").models == ("x", "y")
    monkeypatch.setenv("SHOPSIM_ROOTS", str(folder))
    assert load_catalog(folder, cache=tmp_path / "cache").models == ()


def test_uploads_lead_only_into_themselves(tmp_path, monkeypatch):
    monkeypatch.setenv("SHOPSIM_HOME", str(tmp_path))
    secret = write_photo(tmp_path / "secret.jpg")
    upload = photo_folder(tmp_path / "uploads" / "zip", ["a.jpg"])
    np.save(upload / "features.npy", np.eye(4))
    paths = ["a.jpg", str(secret), "../../secret.jpg", "x" * 5000 + ".jpg"]
    (upload / "img_paths.txt").write_text("".join(f"{path}\n" for path in paths))
    catalog = load_catalog(upload, cache=tmp_path / "cache")
    assert [image_id for image_id, there in shown(catalog).items() if there] == ["a.jpg"]


def test_files_that_are_no_photos_are_not_read(bring, tmp_path):
    os.mkfifo(tmp_path / "pipe.jpg")
    catalog = bring(np.eye(3), ["/etc/hostname", str(tmp_path / "pipe.jpg"), "/dev/zero"])
    told = reasons(catalog)
    assert "not a photo of a supported format" in told["/etc/hostname"]
    assert "not a file" in told[str(tmp_path / "pipe.jpg")]
    assert "not a file" in told["/dev/zero"]
