"""Photos that a catalog.csv names by URLs: read where they lie, and only where a person asks for it."""

import pickle
from pathlib import Path

import pyarrow.fs
import pytest
from catalog_fixtures import models, photo_bytes, reasons, write_photo

from shopsim import ShopsimError
from shopsim.catalog import remote_path
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photo_url import is_url
from shopsim.catalog.photos.images import read_image
from shopsim.catalog.remote_path import RemotePath, path_of
from shopsim.catalog.scan import file_digest
from shopsim.features.extract import extract_features
from shopsim.features.extractors import extractors


@pytest.fixture
def bucket(monkeypatch):
    """A bucket in memory: its photos by key, to be written."""
    source = pyarrow.fs._MockFileSystem()

    def write(key, content):
        source.create_dir(f"shop/{Path(key).parent}", recursive=True)
        with source.open_output_stream(f"shop/{key}") as stream:
            stream.write(content)

    real = remote_path._source
    monkeypatch.setattr(
        remote_path, "_source", lambda scheme, host: (source, host) if scheme == "s3" else real(scheme, host)
    )
    return write


def table(folder, *lines):
    folder.mkdir(exist_ok=True)
    (folder / "catalog.csv").write_text("\n".join(["path,model", *lines]) + "\n")
    return folder


def test_a_table_may_mix_buckets_and_files(bucket, tmp_path, cache):
    bucket("new/a b.png", photo_bytes(1))
    bucket("new/c.png", photo_bytes(2))
    inside = write_photo(tmp_path / "photos" / "more" / "d.png", 3)
    folder = table(
        tmp_path / "photos",
        "s3://shop/new/a%20b.png,one",
        "s3://shop/new/c.png,two",
        f"file://{inside},one",
        "own.png,two",
        "s3://shop/new/gone.png,two",
    )
    write_photo(folder / "own.png", 4)
    catalog = load_catalog(folder, cache=cache, urls=True)
    urls = [f"file://{inside}", "own.png", "s3://shop/new/a%20b.png", "s3://shop/new/c.png"]
    assert list(catalog.image_ids) == urls
    assert models(catalog) == ["one", "two", "one", "two"]
    not_listed = {"more/d.png": "not listed in catalog.csv"}
    assert reasons(catalog) == {"s3://shop/new/gone.png": "there is no such file"} | not_listed
    for image, seed in zip(catalog.images, (3, 4, 1, 2), strict=True):
        local = write_photo(tmp_path / "copies" / f"{seed}.png", seed)
        assert image.digest == file_digest(local)
        assert (read_image(image.path) == read_image(local)).all()


def test_rows_are_those_of_the_same_photos_on_disk(bucket, tmp_path, cache):
    for number in range(3):
        bucket(f"{number}.png", photo_bytes(number))
        write_photo(tmp_path / "local" / f"{number}.png", number)
    remote = table(tmp_path / "photos", *(f"s3://shop/{number}.png,m" for number in range(3)))
    extractor = extractors.create("color_shape")
    one = extract_features(load_catalog(remote, cache=cache, urls=True), extractor, tmp_path / "one")
    other = extract_features(load_catalog(tmp_path / "local", cache=cache), extractor, tmp_path / "other")
    assert one.raw.tobytes() == other.raw.tobytes()
    assert one.key == other.key


def test_nobody_reads_urls_without_being_asked(bucket, tmp_path, cache):
    bucket("a.png", photo_bytes(1))
    catalog = load_catalog(table(tmp_path / "photos", "s3://shop/a.png,one"), cache=cache)
    assert not catalog.images
    (reason,) = reasons(catalog).values()
    assert reason.endswith("but it is a URL, and only commands with --urls read photos at URLs")


def test_a_photo_that_changed_is_read_anew(bucket, tmp_path, cache):
    folder = table(tmp_path / "photos", "s3://shop/a.png,one")
    bucket("a.png", photo_bytes(1))
    before = load_catalog(folder, cache=cache, urls=True).images[0].digest
    bucket("a.png", photo_bytes(2, side=30))
    assert load_catalog(folder, cache=cache, urls=True).images[0].digest != before


def test_a_host_that_does_not_answer_is_one_sentence(tmp_path, cache, monkeypatch):
    class Deaf:
        def get_file_info(self, paths):
            raise OSError("When getting information for key 'a.png': no answer.\nmore")

    monkeypatch.setattr(remote_path, "_source", lambda scheme, host: (Deaf(), host))
    with pytest.raises(ShopsimError, match=r"^Cannot ask for the photo 's3://shop/a.png': When getting .* answer\.$"):
        load_catalog(table(tmp_path / "photos", "s3://shop/a.png,one"), cache=cache, urls=True)


def test_a_url_stays_one_on_its_way_to_another_process():
    path = RemotePath("s3://shop/new/a.png")
    assert str(pickle.loads(pickle.dumps(path))) == str(path.absolute()) == "s3://shop/new/a.png"
    assert isinstance(path_of(str(path)), RemotePath)
    assert path.name == "a.png"
    with pytest.raises(OSError, match="only read"):
        path.open("wb")


@pytest.mark.parametrize("text", ["photo.jpg", "/a/b.jpg", "C:/a.jpg", "http://a/b.jpg", "s3://bucket", "s3:/a/b"])
def test_other_texts_are_paths(text):
    assert not is_url(text)
    assert not isinstance(path_of(text), RemotePath)


def test_commands_read_urls_where_asked(tmp_path, run, run_json):
    inside = [write_photo(tmp_path / "photos" / f"{number}.png", number) for number in range(4)]
    folder = table(tmp_path / "photos", *(f"file://{path},m" for path in inside))
    assert run_json("extract", folder, "--extractor", "color_shape", "--urls")["n_computed"] == 4
    assert run("extract", folder, "--extractor", "color_shape")[0] == 1
