"""The map in a real browser: pointing, dragging, scrolling."""

import re

import pytest

from browser.boxes import box_of
from browser.thresholds import move_threshold

CHART = '[data-testid="stVegaLiteChart"]'
POINTS = f"{CHART} .mark-symbol path"


@pytest.fixture
def opened(page, app_url):
    """The map of the demo, by PCA, which is instant."""
    page.goto(f"{app_url}/Map?projection=pca")
    page.wait_for_selector(POINTS)
    return page


def place(page, across, up):
    """Pixels of a place on the chart, both from 0 to 1."""
    box = box_of(page.locator(CHART))
    return box["x"] + box["width"] * across, box["y"] + box["height"] * (1 - up)


def drag(page, start, end, steps=8):
    page.mouse.move(*place(page, *start))
    page.mouse.down()
    page.mouse.move(*place(page, *end), steps=steps)
    page.mouse.up()


def headline(page):
    """What is said to be shown below the map, once it is."""
    return page.locator("h3").filter(has_text="photo").first.inner_text()


def on_a_point(page):
    """The middle of the point that lies on top of all."""
    box = box_of(page.locator(POINTS).last)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def spot(page):
    """Where the first point is drawn."""
    return page.locator(POINTS).first.get_attribute("transform")


def no_traceback(page):
    return page.locator('[data-testid="stException"]').count() == 0


def test_a_cold_visit_shows_the_map(page, app_url):
    page.goto(f"{app_url}/Map")
    page.wait_for_selector(POINTS)
    assert page.locator("h1").inner_text() == "Map"
    assert page.locator(POINTS).count() > 500
    assert no_traceback(page)


def test_pointing_at_a_photo_shows_it(opened):
    opened.wait_for_function("() => !document.body.innerText.includes('Pictures for pointing at')")
    opened.mouse.move(*on_a_point(opened))
    picture = opened.wait_for_selector("#vg-tooltip-element img")
    opened.wait_for_function("image => image.complete && image.naturalWidth > 50", arg=picture)
    assert re.fullmatch(r"\d+_\d+_\d+\.\w+", opened.locator("#vg-tooltip-element h2").inner_text())


def test_dragging_selects_photos_and_shows_them_below(opened):
    drag(opened, (0.2, 0.2), (0.8, 0.8))
    opened.wait_for_selector(".photos img")
    assert re.match(r"\d+ photos selected · \d+ groups · \d+ models · \d+ wrong", headline(opened))
    opened.get_by_text("Download these photos as CSV").wait_for()


def test_the_selection_can_be_downloaded(opened):
    drag(opened, (0.3, 0.3), (0.7, 0.7))
    opened.wait_for_selector(".photos img")
    with opened.expect_download() as download:
        opened.get_by_text("Download these photos as CSV").click()
    rows = download.value.path().read_bytes().decode("utf-8-sig").splitlines()
    assert len(rows) - 1 == int(headline(opened).split()[0])
    assert rows[0].startswith("image_id,model,")


def test_a_click_selects_one_photo_and_shows_those_like_it(opened):
    opened.mouse.click(*on_a_point(opened))
    opened.wait_for_selector(".photos img")
    assert headline(opened).startswith("1 photo selected")
    opened.get_by_text("The photos most like it").wait_for()


def test_a_selection_can_be_cleared(opened):
    drag(opened, (0.2, 0.2), (0.8, 0.8))
    opened.get_by_text("Clear the selection").click()
    opened.wait_for_selector("h3", state="detached")
    assert opened.locator(POINTS).count() > 500


def test_scrolling_zooms_and_selects_nothing(opened):
    before = spot(opened)
    opened.mouse.move(*place(opened, 0.5, 0.5))
    opened.mouse.wheel(0, -300)
    opened.wait_for_function(
        "([selector, old]) => document.querySelector(selector).getAttribute('transform') != old", arg=[POINTS, before]
    )
    assert opened.locator("h3").count() == 0
    assert opened.evaluate("() => window.scrollY") == 0


def frame_size(page):
    """How wide and high the frame is; where it stands depends on how far the page has moved to the selection."""
    box = page.locator(f"{CHART} .mark-rect path").last.bounding_box()
    return box["width"], box["height"]


def test_zoom_and_selection_stay_when_the_threshold_moves(opened):
    opened.mouse.move(*place(opened, 0.5, 0.5))
    opened.mouse.wheel(0, -300)
    drag(opened, (0.2, 0.2), (0.8, 0.8))
    opened.wait_for_selector(".photos img")
    opened.wait_for_timeout(1000)
    number, zoomed = headline(opened).split()[0], frame_size(opened)
    move_threshold(opened, 20)
    assert headline(opened).split()[0] == number
    assert frame_size(opened) == pytest.approx(zoomed, abs=2)


def test_a_hint_leads_to_its_group(opened):
    opened.locator('[class*="st-key-map-hint-show_group"] button').first.click()
    opened.wait_for_selector(".photos .wrong")
    assert "color=group" in opened.url
    assert no_traceback(opened)
