"""A visitor of a shared server gives its secret, and may then upload: the file is taken where it arrives."""

import zipfile

import pytest
from real_server import served

from browser.conftest import copy_of_the_app

SECRET = "correct horse battery staple"


@pytest.fixture
def shared_url(browser, drawn_cache, tmp_path_factory):
    """Where a server that others reach answers."""
    folder = copy_of_the_app(tmp_path_factory.mktemp("app"))
    places = {"SHOPSIM_CACHE": str(drawn_cache), "SHOPSIM_HOME": str(folder / "home"), "SHOPSIM_ADMIN_TOKEN": SECRET}
    with served(folder, folder / "server.log", places, "--server.address", "0.0.0.0") as port:
        yield f"http://127.0.0.1:{port}"


def test_whoever_gives_the_secret_uploads(shared_url, page, tmp_path, draw_photo):
    with zipfile.ZipFile(tmp_path / "sent.zip", "w") as packed:
        for number in range(4):
            photo = draw_photo(tmp_path / f"{number}.png", (200, 40, 40), number)
            packed.write(photo, f"photos/{photo.name}")
    page.goto(f"{shared_url}/Catalogs")
    page.get_by_text("You may look, but not change anything").click()
    page.get_by_text("only a visitor who has given its secret").first.wait_for()
    assert page.locator("input[type=file]").count() == 0
    page.get_by_label("Secret").fill(SECRET)
    page.get_by_role("button", name="Give it").click()
    page.get_by_text("You may change what others see").wait_for()
    # The page is drawn anew for whoever may change it; a file given before that is over is lost.
    page.get_by_role("button", name="Unpack and open").wait_for()
    page.locator("input[type=file]").first.set_input_files(tmp_path / "sent.zip")
    page.get_by_text("sent.zip").wait_for()
    page.get_by_role("button", name="Unpack and open").click()
    page.get_by_role("heading", name="sent", exact=True).wait_for()
    assert SECRET.split()[0] not in page.url
