"""The map of 15,000 photos in a real browser: the component is built and drawn, and reports what is selected."""

import io
import re

import numpy as np
import pytest
from built_map import built_or_skipped
from PIL import Image
from real_server import copy_of_the_app, served

from browser.boxes import box_of
from browser.thresholds import move_threshold

N_PHOTOS, N_ISLAND = 15_000, 100
CANVAS = ".shopsim-map canvas"
HINT = ".shopsim-map-hint"
BLUE, PICKED = (0x00, 0x72, 0xB2), (0xCC, 0x79, 0xA7)


@pytest.fixture(scope="module")
def photos(tmp_path_factory):
    """15,000 photos with their own vectors, of which a hundred lie apart from all others; only those have pictures."""
    folder = tmp_path_factory.mktemp("many") / "photos"
    folder.mkdir()
    rng = np.random.default_rng(0)
    places = np.column_stack([rng.uniform(0.1, 0.6, N_PHOTOS), rng.uniform(-0.5, 0.2, N_PHOTOS), np.ones(N_PHOTOS)])
    island = rng.permutation(N_PHOTOS)[:N_ISLAND]
    places[island, :2] = [-0.5, 0.6] + rng.uniform(-0.05, 0.05, (N_ISLAND, 2))
    models = np.where(np.isin(np.arange(N_PHOTOS), island), "island", "land")
    np.save(folder / "features.npy", places.astype(np.float32))
    (folder / "img_paths.txt").write_text("".join(f"{row:05}.png\n" for row in range(N_PHOTOS)))
    (folder / "labels_true.txt").write_text("".join(f"{model}\n" for model in models))
    for row in island.tolist():
        Image.new("RGB", (32, 32), (row % 256, row // 256, 90)).save(folder / f"{row:05}.png")
    return folder, {f"{row:05}.png" for row in island.tolist()}


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    folder = copy_of_the_app(tmp_path_factory.mktemp("app"))
    built_or_skipped(folder / "shopsim" / "ui" / "map" / "bundle")
    places = {"SHOPSIM_CACHE": str(folder / "cache"), "SHOPSIM_HOME": str(folder / "home")}
    with served(folder, folder / "server.log", places) as port:
        yield f"http://localhost:{port}"


@pytest.fixture
def opened(page, server, photos):
    """The map by PCA, with the island in blue before grey."""
    page.goto(f"{server}/Map?folder={photos[0]}&space=raw&at=0.9&projection=pca&color=model&model=island")
    page.wait_for_selector(f"{CANVAS}[data-texts='{N_PHOTOS}']")
    return page


def painted(page, colour):
    """Which pixels of the map have that colour."""
    picture = np.asarray(Image.open(io.BytesIO(page.locator(CANVAS).screenshot())).convert("RGB")).astype(int)
    return (np.abs(picture - colour) < 40).all(axis=2)


def island_box(page):
    """Left, top, right and bottom of the island's points, in pixels of the page."""
    box = box_of(page.locator(CANVAS))
    down, across = np.nonzero(painted(page, BLUE))
    assert len(down), "no point is blue"
    across, down = across + box["x"], down + box["y"]
    return tuple(float(edge) for edge in (across.min(), down.min(), across.max(), down.max()))


def drag_around(page, left, top, right, bottom):
    page.mouse.move(left, top)
    page.mouse.down()
    for corner in ((right, top), (right, bottom), (left, bottom), (left, top + 2)):
        page.mouse.move(*corner, steps=5)
    page.mouse.up()


def lasso_the_island(page):
    left, top, right, bottom = island_box(page)
    drag_around(page, left - 8, top - 8, right + 8, bottom + 8)
    page.get_by_role("heading", name=re.compile("photos selected")).wait_for()


def on_the_island(page):
    """A place where the mouse is on one of its points."""
    left, top, right, bottom = island_box(page)
    for place in np.random.default_rng(0).uniform((left, top), (right, bottom), (300, 2)).tolist():
        page.mouse.move(*place)
        page.wait_for_timeout(20)
        if page.locator(HINT).is_visible():
            return place
    raise AssertionError("the mouse is on no point")


def headline(page):
    return page.locator("h3").filter(has_text="photo").first.inner_text()


def test_a_lasso_selects_the_photos_inside_and_no_other(opened, photos):
    lasso_the_island(opened)
    opened.wait_for_selector(".photos img")
    assert headline(opened) == f"{N_ISLAND} photos selected · 1 group · 1 model · 0 wrong"
    with opened.expect_download() as download:
        opened.get_by_text("Download these photos as CSV").click()
    lines = download.value.path().read_bytes().decode("utf-8-sig").splitlines()[1:]
    assert {line.split(",")[0] for line in lines} == photos[1]


def test_pointing_at_a_photo_shows_its_picture_and_a_click_selects_it(opened, photos):
    place = on_the_island(opened)
    opened.wait_for_function("selector => document.querySelector(selector).naturalWidth > 20", arg=f"{HINT} img")
    said = opened.locator(HINT).inner_text().splitlines()
    assert said[0] in photos[1]
    assert "model: island" in said
    assert not painted(opened, PICKED).any()
    opened.mouse.click(*place)
    opened.get_by_text("The photos most like it").wait_for()
    assert painted(opened, PICKED).sum() > 20
    assert headline(opened).startswith("1 photo selected")
    shown = opened.locator(".photos img").first.get_attribute("title") or opened.locator(".photos").first.inner_html()
    assert said[0] in shown


def test_the_keyboard_goes_from_photo_to_photo_and_selects(opened):
    opened.locator(CANVAS).focus()
    assert (
        opened.locator(CANVAS).get_attribute("aria-label").startswith("Map of 15,000 photos by PCA. 100 of this model")
    )
    opened.keyboard.press("ArrowRight")
    first = opened.locator(HINT).inner_text()
    opened.keyboard.press("ArrowRight")
    assert opened.locator(HINT).inner_text() != first
    said = opened.locator(".shopsim-map-said").inner_text()
    assert opened.locator(HINT).inner_text().splitlines()[0] == said.split(",")[0]
    opened.keyboard.press("Enter")
    opened.get_by_text("The photos most like it").wait_for()
    opened.keyboard.press("Escape")
    opened.get_by_text("The photos most like it").wait_for(state="detached")


def test_the_selection_stays_when_the_threshold_moves_and_the_button_clears_it(opened):
    lasso_the_island(opened)
    number = headline(opened).split()[0]
    move_threshold(opened, 5)
    assert headline(opened).split()[0] == number
    opened.get_by_text("Clear the selection").click()
    opened.get_by_role("heading", name=re.compile("photos selected")).wait_for(state="detached")


def test_scrolling_zooms_shift_and_drag_moves_and_neither_selects(opened):
    before = island_box(opened)
    middle = (before[0] + before[2]) / 2, (before[1] + before[3]) / 2
    opened.mouse.move(*middle)
    opened.mouse.wheel(0, -200)
    opened.wait_for_timeout(800)
    larger = island_box(opened)
    assert larger[2] - larger[0] > 1.2 * (before[2] - before[0])
    opened.keyboard.down("Shift")
    opened.mouse.down()
    opened.mouse.move(middle[0] + 60, middle[1] + 40, steps=5)
    opened.mouse.up()
    opened.keyboard.up("Shift")
    opened.wait_for_timeout(800)
    assert island_box(opened)[0] == pytest.approx(larger[0] + 60, abs=6)
    assert opened.locator("h3").filter(has_text="selected").count() == 0
    assert opened.evaluate("() => window.scrollY") == 0


def test_a_browser_without_webgl_gets_a_sample(browser, server, photos):
    page = browser.new_page(viewport={"width": 1440, "height": 1000})
    page.add_init_script(
        "HTMLCanvasElement.prototype.getContext = (get => function (kind, ...more) {"
        "return kind.includes('webgl') ? null : get.call(this, kind, ...more);"
        "})(HTMLCanvasElement.prototype.getContext)"
    )
    page.set_default_timeout(60_000)
    page.goto(f"{server}/Map?folder={photos[0]}&space=raw&at=0.9&projection=pca")
    page.get_by_text("This browser could not draw all photos").wait_for()
    page.wait_for_selector('[data-testid="stVegaLiteChart"]')
    assert "Drawn are 12,000 of 15,000 photos" in page.inner_text("body")
    page.close()


def test_points_that_do_not_come_are_a_sentence(page, server, photos):
    page.route("**/media/**", lambda route: route.abort())
    page.goto(f"{server}/Map?folder={photos[0]}&space=raw&at=0.9&projection=pca")
    page.get_by_text("The photos of the map could not be loaded. Reload the page.").wait_for()
    assert page.locator('[data-testid="stVegaLiteChart"]').count() == 0
