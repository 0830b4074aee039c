"""No table or chart gives cells away that a spreadsheet would run, in a real browser."""

import csv

import pytest

pytestmark = pytest.mark.browser


def toolbar(page, kind):
    """What the toolbar of the first visible table or chart of a page offers."""
    shown = page.locator(f'[data-testid="{kind}"]:visible').first
    shown.scroll_into_view_if_needed()
    shown.hover()
    page.get_by_role("button", name="Fullscreen").first.wait_for()
    return page.locator('[data-testid="stElementToolbarButton"] button').evaluate_all(
        "buttons => buttons.map(button => button.getAttribute('aria-label'))"
    )


def test_tables_offer_no_csv_of_their_own_and_a_guarded_one_beside(page, app_url):
    page.goto(f"{app_url}/Catalogs")
    page.locator("summary", has_text="true models").click()
    offered = toolbar(page, "stDataFrame")
    assert "Search" in offered
    assert "Download as CSV" not in offered
    with page.expect_download() as download:
        page.get_by_role("button", name="Download as CSV").locator("visible=true").first.click()
    rows = list(csv.DictReader(download.value.path().open(encoding="utf-8-sig", newline="")))
    assert download.value.suggested_filename == "true_models.csv"
    assert list(rows[0]) == ["model", "name", "photos"]


def test_the_data_behind_a_chart_cannot_be_downloaded_unguarded(page, app_url):
    page.goto(app_url)
    page.wait_for_selector('[data-testid="stVegaLiteChart"]')
    offered = toolbar(page, "stVegaLiteChart")
    assert "Show data" in offered
    page.get_by_label("Show data").first.click()
    assert "Download as CSV" not in toolbar(page, "stDataFrame")
