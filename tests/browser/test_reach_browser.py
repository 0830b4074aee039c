"""The script of the pages: photos large, charts on the keyboard, few steps back, a link to the first page."""

import re

import pytest

pytestmark = pytest.mark.browser

CARD = '[class*="st-key-card-"]'
CHART = ".vega-embed[tabindex]"
CELL = '[class*="st-key-look-cell-"]'


def test_a_photo_opens_large_with_its_path_and_its_neighbours(page, app_url):
    page.goto(f"{app_url}/Groups")
    photo = page.locator(f"{CARD} img").first
    photo.wait_for()
    path = photo.get_attribute("alt")
    photo.click()
    box = page.get_by_role("dialog", name="Photo")
    box.get_by_text(path, exact=True).wait_for()
    page.wait_for_function("document.querySelector('.lightbox > img').naturalWidth > 256")
    assert box.locator(".strip img").count() >= 1
    page.keyboard.press("ArrowRight")
    box.get_by_text("2 of").wait_for()
    assert not box.get_by_text(path, exact=True).count()
    page.keyboard.press("Escape")
    box.wait_for(state="hidden")


def test_a_photo_opens_from_the_keyboard_and_leads_to_those_like_it(page, app_url):
    page.goto(f"{app_url}/Groups")
    photo = page.locator(f"{CARD} img").first
    photo.wait_for()
    photo.focus()
    page.keyboard.press("Enter")
    page.get_by_role("link", name="Photos most like it").click()
    page.get_by_text("The photos most like it, with their groups").wait_for()
    assert "/Map?" in page.url


def test_ten_keys_on_the_slider_are_one_step_back(page, app_url):
    page.goto(f"{app_url}/Groups")
    page.locator(CARD).first.wait_for()
    page.get_by_role("slider", name="Similarity threshold").focus()
    before = page.evaluate("history.length")
    for _ in range(4):
        url = page.url
        page.keyboard.press("ArrowRight")
        page.wait_for_function("url => location.href !== url", arg=url)
    assert page.evaluate("history.length") - before <= 1


def test_the_link_to_the_first_page_has_an_address(page, app_url):
    page.goto(f"{app_url}/Map")
    link = page.get_by_role("link", name="Tune").first
    link.wait_for()
    page.wait_for_function("document.querySelector('[data-testid=\"stPageLink-NavLink\"]').getAttribute('href')")
    assert link.evaluate("link => link.href").rstrip("/") == app_url


def test_a_cell_of_the_matrix_is_reached_and_opened_by_keys_and_comes_into_sight(page, app_url):
    page.goto(f"{app_url}/Confusion")
    page.locator(CHART).first.focus()
    page.keyboard.press("ArrowRight")
    page.wait_for_function("document.querySelector('.chart-ring').style.display === 'block'")
    assert "photos" in page.locator(".only-heard").inner_text()
    page.keyboard.press("Enter")
    page.locator(CELL).wait_for()
    page.wait_for_function(f"document.querySelector('{CELL}').getBoundingClientRect().top < innerHeight * 0.7")
    assert re.search(r"group=\d+", page.url)


def test_a_point_of_the_map_is_reached_and_selected_by_keys(page, app_url):
    page.goto(f"{app_url}/Map")
    page.locator(CHART).first.focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    page.get_by_text("1 photo selected").wait_for()


def test_on_a_phone_the_map_stands_above_its_controls(page, app_url):
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{app_url}/Map")
    page.locator(CHART).first.wait_for()
    map_top = page.locator(CHART).first.bounding_box()["y"]
    assert map_top < page.get_by_role("slider", name="Similarity threshold").bounding_box()["y"]
    assert map_top < 300
