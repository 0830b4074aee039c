"""The Compare page in a real browser, on the demo: the table is drawn on a canvas, so only a hand can try it."""

import pytest

from browser.boxes import box_of

pytestmark = pytest.mark.browser

TABLE = '[data-testid="stDataFrame"]'
ROW_HEIGHT = 35


def choose_only(page, place, names):
    """Take all out of one of the fields and put these in."""
    field = page.get_by_test_id("stMultiSelect").nth(place)
    field.get_by_role("button", name="Clear all").click()
    for name in names:
        field.locator("input").fill(name)
        page.get_by_role("option", name=name, exact=True).click()
        field.get_by_text(name, exact=True).wait_for()
    page.keyboard.press("Escape")


def open_board(page, app_url):
    """Raw average and complete linkage, and the rows that are always there."""
    page.goto(f"{app_url}/Compare")
    page.get_by_text("Pairs that changed").wait_for()
    choose_only(page, 1, ["Raw"])
    choose_only(page, 2, ["Average linkage", "Complete linkage"])
    page.get_by_text("2 settings on").wait_for()
    page.get_by_test_id("stButton").filter(has_text="Start").get_by_role("button").click()
    page.get_by_text("Download as CSV").wait_for()
    page.locator(f"{TABLE} canvas").first.wait_for()
    page.wait_for_timeout(1500)


def click_row(page, name, x):
    """A click in the row of that setting, so many pixels from the left; the canvas holds its rows as text, too."""
    rows = page.locator(f"{TABLE} canvas table tbody tr").all_text_contents()
    (place,) = (place for place, row in enumerate(rows) if name in row)
    box = box_of(page.locator(TABLE).first)
    page.mouse.click(box["x"] + x, box["y"] + ROW_HEIGHT * (place + 1.5))


def test_a_click_on_a_row_takes_it_into_the_sidebar_and_ticks_draw_curves(page, app_url):
    open_board(page, app_url)
    click_row(page, "RawComplete linkage", 160)
    page.wait_for_url("**space=raw**clusterer=complete**")
    page.get_by_text("B: ").first.wait_for()
    click_row(page, "RawComplete linkage", 16)
    click_row(page, "RawAverage linkage", 16)
    page.locator('[data-testid="stVegaLiteChart"] svg text', has_text="Complete linkage").first.wait_for()
    page.locator('[data-testid="stVegaLiteChart"] svg text', has_text="Average linkage").first.wait_for()
