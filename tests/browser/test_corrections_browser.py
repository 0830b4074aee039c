"""Corrections in a real browser, on the demo: a question answered by one key, a photo split off, both undone.

The server is shared with other tests, so everything is undone at the end.
"""

import pytest

pytestmark = pytest.mark.browser

PANEL = ".st-key-corrections"
AT_REST = '[data-testid="stApp"][data-test-script-state="notRunning"]'


def at_rest(page):
    page.locator(AT_REST).wait_for()


@pytest.mark.parametrize("chosen_by_mouse", [False, True])
def test_a_key_answers_and_another_one_takes_the_answer_back(page, app_url, chosen_by_mouse):
    page.goto(f"{app_url}/Review" if chosen_by_mouse else f"{app_url}/Review?part=questions")
    if chosen_by_mouse:
        page.get_by_role("radio", name="Questions").click()
    page.get_by_text("Question 1 of 10").wait_for()
    at_rest(page)
    page.keyboard.press("n")
    page.get_by_text("Question 2 of 10").wait_for()
    at_rest(page)
    page.keyboard.press("u")
    page.get_by_text("Question 1 of 10").wait_for()


def test_corrections_stay_in_use_while_some_of_them_are_undone(page, app_url):
    page.goto(f"{app_url}/Groups?group=0")
    page.get_by_text("No corrections yet").wait_for()
    at_rest(page)
    for number in (1, 2):
        if number == 1:
            page.locator('[data-testid="stButtonGroup"] button', has_text="Tick photos").click()
        page.get_by_text("0 photos ticked").wait_for()
        at_rest(page)
        page.locator('[data-testid="stCheckbox"] label').last.click()
        page.get_by_text("1 photo ticked").wait_for()
        at_rest(page)
        page.get_by_role("button", name="Split off").click()
        page.get_by_text(f"{number} correction").first.wait_for()
        at_rest(page)
    for left in ("1 correction used here", "No corrections yet"):
        page.locator(PANEL).get_by_role("button", name="Undo").click()
        page.locator(PANEL).get_by_text(left).wait_for()
        at_rest(page)
