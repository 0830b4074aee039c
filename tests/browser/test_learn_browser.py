"""The Learn page in a real browser, on the demo."""

import pytest

pytestmark = pytest.mark.browser


def test_a_cold_visit_says_what_will_happen(page, app_url):
    page.goto(f"{app_url}/Learn")
    page.get_by_role("radio", name="A metric on features").click()
    page.get_by_text("Learns from").wait_for()
    page.get_by_role("button", name="Start", disabled=False).wait_for()
    page.get_by_role("link", name="Learn").wait_for()
    page.get_by_role("heading", name="Trained networks").wait_for()
