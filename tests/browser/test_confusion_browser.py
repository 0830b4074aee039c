"""The Confusion page in a real browser, on the demo."""

import csv
import re

import pytest

from browser.boxes import box_of

pytestmark = pytest.mark.browser

CHART = '[data-testid="stVegaLiteChart"]'
CELL = f"{CHART} svg .mark-rect.role-mark path"
LABELS = f"{CHART} svg .role-axis-label text"


def open_confusion(page, app_url, query=""):
    page.goto(f"{app_url}/Confusion?{query}")
    page.wait_for_selector(CELL)
    wait_until_it_rests(page)


def wait_until_it_rests(page):
    """Vega draws again when the page has found its width."""
    resting, before = 0, None
    while resting < 5:
        box = page.locator(CELL).last.bounding_box()
        resting, before = (resting + 1 if box == before else 0), box
        page.wait_for_timeout(200)


def click_cell(page, place=0):
    """A click in the middle of a cell, as a hand does it."""
    box = box_of(page.locator(CELL).nth(place))
    page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.locator('[class*="st-key-look-cell-"] .name').nth(2).wait_for()


def test_a_cell_opens_the_photos_behind_it_side_by_side(page, app_url):
    open_confusion(page, app_url)
    click_cell(page)
    panel = page.locator('[class*="st-key-look-cell-"]')
    group = re.search(r"group=(\d+)", page.url)[1]
    headings = panel.locator(".name").all_inner_texts()
    assert headings[0].endswith(f"in group {group}")
    assert headings[1] == f"The rest of group {group}"
    assert headings[2].startswith("The rest of ")
    page.wait_for_function("""() => {
        const photos = [...document.querySelectorAll('[class*="st-key-look-cell-"] img')].slice(0, 3);
        return photos.length > 0 && photos.every(photo => photo.complete && photo.naturalWidth > 0);
    }""")


def test_a_closed_cell_can_be_opened_again(page, app_url):
    open_confusion(page, app_url)
    click_cell(page)
    page.locator('[class*="st-key-look-cell-"]').get_by_role("button", name="Close").click()
    page.locator('[class*="st-key-look-cell-"]').wait_for(state="detached")
    assert "group=" not in page.url
    wait_until_it_rests(page)
    click_cell(page)


def test_a_cell_leads_to_its_group(page, app_url):
    open_confusion(page, app_url)
    click_cell(page)
    group = re.search(r"group=(\d+)", page.url)[1]
    page.locator('[class*="st-key-look-cell-"]').get_by_text(f"Open group {group}").click()
    page.get_by_role("heading", name=f"Group {group}", exact=True).wait_for()
    assert "/Groups?" in page.url


def test_a_zoomed_matrix_stays_zoomed_when_a_cell_is_opened(page, app_url):
    open_confusion(page, app_url, "sort=whole")
    before = page.locator(LABELS).all_inner_texts()
    box = box_of(page.locator(CELL).first)
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    for _ in range(5):
        page.mouse.wheel(0, -120)
        page.wait_for_timeout(60)
    page.wait_for_timeout(300)
    zoomed = page.locator(LABELS).all_inner_texts()
    assert zoomed != before
    click_cell(page)
    page.wait_for_timeout(500)
    assert page.locator(LABELS).all_inner_texts() == zoomed


def test_the_matrix_is_downloaded_as_a_table_whose_rows_add_up(page, app_url):
    open_confusion(page, app_url)
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the matrix as CSV").click()
    with download.value.path().open(encoding="utf-8-sig", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) > 12
    for row in rows:
        assert int(row["photos"]) == sum(int(cell) for name, cell in row.items() if name.startswith("group "))
