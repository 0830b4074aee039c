"""Thumbnails are served from their folder, wherever that is, and nothing else is."""

import asyncio
from collections import OrderedDict
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.applications import Starlette

from shopsim.ui import thumbnail_route
from shopsim.ui.map import on_request
from shopsim.ui.map.on_request import offer, offer_photos
from shopsim.ui.thumbnail_route import thumbnail_routes

_LINK = "0f/0f" + "b" * 30 + ".jpg"
_NAME = "0f/0f" + "a" * 30 + ".jpg"
# Who asks has nothing to send, and listens as long as there is an answer.
_PATIENCE_S = 60


@pytest.fixture
def ask(tmp_path, monkeypatch):
    """Asks a server of the thumbnails in `tmp_path / "thumbnails"`: (status, headers, body)."""
    monkeypatch.setattr(thumbnail_route, "static_dir", lambda: tmp_path / "thumbnails")

    async def asked(app, path):
        sent = []
        scope = {"type": "http", "method": "GET", "path": path, "raw_path": path.encode(), "root_path": ""}

        async def receive():
            await asyncio.sleep(_PATIENCE_S)
            return {"type": "http.disconnect"}

        async def send(message):
            sent.append(message)

        await app({**scope, "headers": [], "query_string": b"", "http_version": "1.1", "scheme": "http"}, receive, send)
        body = b"".join(message.get("body", b"") for message in sent)
        return sent[0]["status"], dict(sent[0]["headers"]), body

    def in_own_loop(path):
        with ThreadPoolExecutor(1) as pool:
            return pool.submit(asyncio.run, asked(Starlette(routes=thumbnail_routes()), path)).result()

    return in_own_loop


def put(folder, name=_NAME):
    (folder / "thumbnails" / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / "thumbnails" / name).write_bytes(b"a picture")


def test_a_thumbnail_is_served_as_the_picture_it_is(ask, tmp_path):
    # The folder appears with the first thumbnail, after the server has started.
    assert ask(f"/app/static/{_NAME}")[0] == 404
    put(tmp_path)
    status, headers, body = ask(f"/app/static/{_NAME}")
    assert (status, body) == (200, b"a picture")
    assert headers[b"content-type"] == b"image/jpeg"
    assert headers[b"x-content-type-options"] == b"nosniff"


@pytest.mark.parametrize(
    "path", ["", "/", "/b.jpg", "/../secret", "/..%2fsecret", "/%2e%2e/secret", "//secret", f"/{_LINK}"]
)
def test_nothing_beside_the_folder_is_served_and_nothing_is_listed(ask, tmp_path, path):
    put(tmp_path)
    (tmp_path / "secret").write_bytes(b"secret")
    (tmp_path / "thumbnails" / _LINK).symlink_to(tmp_path / "secret")
    status, _, body = ask(f"/app/static{path}")
    assert status in (307, 404)
    assert b"secret" not in body


@pytest.mark.parametrize(
    "name", ["a.jpg", "a.html", ".unfinished", "0f/a.jpg", _NAME.replace("0f/", "1f/"), _NAME + ".html"]
)
def test_a_file_that_is_no_thumbnail_is_not_served(ask, tmp_path, name):
    put(tmp_path, name)
    assert ask(f"/app/static/{name}")[0] == 404


def test_a_server_below_a_path_has_them_below_it(ask, tmp_path, monkeypatch):
    monkeypatch.setattr(thumbnail_route.st, "get_option", {"server.baseUrlPath": "/shop/"}.get)
    put(tmp_path)
    assert ask(f"/shop/app/static/{_NAME}")[0] == 200
    assert ask(f"/app/static/{_NAME}")[0] == 404


def test_a_picture_that_a_map_offers_is_made_when_it_is_asked_for(ask, tmp_path):
    asked = []

    def make(image):
        asked.append(image)
        put(tmp_path)

    offer("a map", {_NAME: "the photo"}, make)
    assert ask(f"/app/static/{_NAME}")[::2] == (200, b"a picture")
    assert ask(f"/app/static/{_NAME}")[0] == 200
    assert asked == ["the photo"]


def test_a_picture_that_cannot_be_made_is_not_there(ask):
    offer("a map", {_NAME: "a photo that is gone"}, lambda image: None)
    assert ask(f"/app/static/{_NAME}")[0] == 404


def test_a_photo_of_a_list_is_made_when_it_is_asked_for(ask, tmp_path):
    offer_photos({_NAME: "the photo"}, lambda image: put(tmp_path))
    assert ask(f"/app/static/{_NAME}")[::2] == (200, b"a picture")


def test_only_the_last_maps_are_offered():
    for number in range(9):
        offer(f"map {number}", {f"{number}.jpg": "a photo"}, lambda image: None)
    assert not on_request.make_asked_for("0.jpg")
    assert on_request.make_asked_for("8.jpg")


@pytest.fixture(autouse=True)
def no_map_is_open(monkeypatch):
    monkeypatch.setattr(on_request, "_maps", OrderedDict())
    monkeypatch.setattr(on_request, "_photos", OrderedDict())
