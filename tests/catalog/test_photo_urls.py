"""URLs of photos in a table from somebody else: none may send credentials elsewhere, or read outside the folder."""

import pytest
from catalog_fixtures import reasons, write_photo

from shopsim.catalog import remote_path
from shopsim.catalog.open_folder import load_catalog
from shopsim.catalog.photo_url import FILE_OUTSIDE, URL_REFUSED, is_url
from shopsim.catalog.remote_path import RemotePath, path_of

HOSTILE = [
    "s3://bucket?region=us-east-1&scheme=http&endpoint_override=127.0.0.1:9/x.jpg",
    "s3://KEYSECRET:hush@bucket/x.jpg",
    "s3://hush@bucket/x.jpg",
    "s3://bucket%3Fendpoint_override=127.0.0.1/hush.jpg",
    "s3://bucket#hush/x.jpg",
    "s3://bucket/x.jpg?endpoint_override=hush",
    "s3:///hush.jpg",
    "gs://hush@bucket/x.jpg",
    "abfs://container:hush@account/x.jpg",
    "abfs://container@evil.example.com/hush.jpg",
    "abfs://container@127.0.0.1:10000/hush.jpg",
    "abfs://account/hush.jpg",
    "hdfs://user:hush@host:8020/x.jpg",
    "hdfs://host:8020?user=hush/x.jpg",
    "file://host/hush.jpg",
    "https://user:hush@host/x.jpg",
    "S3://bucket/hush.jpg",
]


def table(folder, *lines):
    folder.mkdir(exist_ok=True)
    (folder / "catalog.csv").write_text("\n".join(["path,model", *(f"{line},m" for line in lines)]) + "\n")
    return folder


@pytest.fixture
def nobody(monkeypatch):
    """Fails if any place is asked for."""

    def asked(scheme, host):
        raise AssertionError(f"{scheme} {host}")

    monkeypatch.setattr(remote_path, "_source", asked)


@pytest.mark.parametrize("urls", [True, False])
def test_a_hostile_url_is_a_problem_that_shows_no_secret(nobody, tmp_path, cache, urls):
    write_photo(tmp_path / "photos" / "own.png", 1)
    catalog = load_catalog(table(tmp_path / "photos", "own.png", *HOSTILE), cache=cache, urls=urls)
    assert list(catalog.image_ids) == ["own.png"]
    found = reasons(catalog)
    assert found == {f"catalog.csv, row {number}": URL_REFUSED for number in range(3, 3 + len(HOSTILE))}
    assert "hush" not in str(found)


@pytest.mark.parametrize("url", HOSTILE)
def test_a_hostile_url_is_never_opened(url):
    assert not is_url(url)
    assert not isinstance(path_of(url), RemotePath)


@pytest.mark.parametrize(
    "url",
    [
        "s3://my-bucket.eu/new/a b.jpg",
        "gs://bucket_1/a.jpg",
        "gcs://b/a.jpg",
        "abfs://container@account/a.jpg",
        "abfss://container@account.dfs.core.windows.net/a.jpg",
        "hdfs://host:8020/a.jpg",
        "hdfs://host/a.jpg",
        "file:///photos/a.jpg",
    ],
)
def test_plain_urls_are_allowed(url):
    assert is_url(url)


def test_files_outside_the_folder_are_not_read(nobody, tmp_path, cache):
    outside = write_photo(tmp_path / "outside" / "a.png", 1)
    folder = tmp_path / "photos"
    write_photo(folder / "own.png", 2)
    (folder / "link.png").symlink_to(outside)
    places = [
        outside,
        folder / ".." / "outside" / "a.png",
        folder / "%2e%2e" / "outside" / "a.png",
        folder / "link.png",
    ]
    urls = [f"file://{place}" for place in places]
    catalog = load_catalog(table(folder, "own.png", *urls), cache=cache, urls=True)
    assert list(catalog.image_ids) == ["own.png"]
    found = reasons(catalog)
    for row, url in enumerate(urls, start=3):
        assert found[url] == f"listed in catalog.csv, row {row}, but {FILE_OUTSIDE}"


def test_files_of_the_folder_are_read(tmp_path, cache):
    inside = write_photo(tmp_path / "photos" / "a b.png", 1)
    url = f"file://{str(inside).replace(' ', '%20')}"
    assert list(load_catalog(table(tmp_path / "photos", url), cache=cache, urls=True).image_ids) == [url]
