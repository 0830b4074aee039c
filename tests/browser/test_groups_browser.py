"""The Groups page in a real browser, on the demo."""

import re

import pytest
from group_tables import read_groups_csv

from shopsim.grouping.groups_csv import COLUMNS

pytestmark = pytest.mark.browser

CARD = '[class*="st-key-card-"]'
OPEN = '[class*="st-key-open-"] button'


def open_groups(page, app_url, query=""):
    page.goto(f"{app_url}/Groups?{query}")
    page.wait_for_selector(CARD)


def open_first(page):
    """Opens the first card's group; returns its number."""
    number = re.search(r"Group (\d+)", page.locator(OPEN).first.inner_text())[1]
    # By its number: while the cards are being drawn, another may be the first of them a moment later.
    page.locator(OPEN).filter(has_text=re.compile(rf"Group {number}\b")).click()
    page.get_by_role("heading", name=f"Group {number}", exact=True).wait_for()
    return number


def downloaded(page, label):
    with page.expect_download() as download:
        page.get_by_role("button", name=label).click()
    return download.value.path()


def test_the_photos_of_the_cards_are_really_there(page, app_url):
    open_groups(page, app_url)
    page.wait_for_function(f"""() => {{
        const photos = [...document.querySelectorAll('{CARD} img')].slice(0, 12);
        return photos.length === 12 && photos.every(photo => photo.complete && photo.naturalWidth > 0);
    }}""")


def test_a_group_is_opened_and_closed_with_the_browsers_own_way_back(page, app_url):
    open_groups(page, app_url)
    number = open_first(page)
    assert f"group={number}" in page.url
    page.go_back()
    page.wait_for_selector(CARD)
    assert "group=" not in page.url


def test_a_link_to_a_group_opens_it_for_another_visitor(page, app_url, browser):
    open_groups(page, app_url, "sort=wrong")
    number = open_first(page)
    other = browser.new_page()
    other.goto(page.url)
    other.get_by_role("heading", name=f"Group {number}", exact=True).wait_for()
    other.close()


def test_the_downloads_can_be_read_back(page, app_url):
    open_groups(page, app_url)
    number = int(open_first(page))
    group = read_groups_csv(downloaded(page, f"Download group {number} as CSV"))
    everything = read_groups_csv(downloaded(page, "Download all groups as CSV"))
    assert tuple(group.columns) == COLUMNS
    assert set(group["group"]) == {number}
    assert len(group) == group["group_size"].iloc[0] == page.locator(".photos img").count()
    same = everything[everything["group"] == number].reset_index(drop=True)
    assert group.to_dict("list") == same.to_dict("list")


def test_the_pager_below_turns_the_page_above_too(page, app_url):
    open_groups(page, app_url, "at=1&sort=group")
    page.locator('[class*="st-key-pager-below"]').get_by_role("button", name="Page 2", exact=True).click()
    page.locator(CARD).get_by_text("Group 24 ·").wait_for()
    assert "page=2" in page.url
    page.locator(CARD).nth(23).wait_for()
    assert page.locator(CARD).count() == 24
