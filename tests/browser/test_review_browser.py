"""The Review page in a real browser, on the demo."""

import csv

import pytest

from shopsim.catalog.demo.demo import demo_truth
from shopsim.review.report import COLUMNS

pytestmark = pytest.mark.browser

CARD = '[class*="st-key-suspect-"]'


def test_planted_errors_are_shown_decided_and_taken_away_as_csv(page, app_url):
    page.goto(f"{app_url}/Review")
    page.wait_for_selector(CARD)
    page.wait_for_function(f"""() => {{
        const photos = [...document.querySelectorAll('{CARD} img')].slice(0, 12);
        return photos.length === 12 && photos.every(photo => photo.complete && photo.naturalWidth > 0);
    }}""")
    first = page.locator(CARD).first.locator(".name.whole").inner_text().split(":")[0]
    assert first in demo_truth().wrong_labels
    page.get_by_role("button", name="Accept", exact=True).first.click()
    page.get_by_text("with 1 accepted correction.").wait_for()
    # The button below that line is drawn a moment later.
    page.locator('[data-testid="stApp"][data-test-script-state="notRunning"]').wait_for()
    with page.expect_download() as download:
        page.get_by_role("button", name="Download the suspects as CSV").click()
    rows = list(csv.DictReader(download.value.path().open(encoding="utf-8-sig", newline="")))
    assert tuple(rows[0]) == COLUMNS
    assert {row["image_id"]: row["decision"] for row in rows}[first] == "accepted"
    page.get_by_text("Accepted (1)").click()
    page.get_by_role("button", name="Take back").click()
    page.get_by_text("Accepted (0)").wait_for()
