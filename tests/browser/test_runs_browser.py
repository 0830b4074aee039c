"""A kept run is restored by a click in a real browser, and the address is then a link to it."""

import re

HOW = "extractor=color_shape&space=whitened&clusterer=average"


def test_restoring_a_run_writes_its_link_into_the_address(page, app_url):
    page.goto(f"{app_url}/Runs?{HOW}&at=0.6")
    page.get_by_label("Name of the run").fill("kept in a browser")
    page.get_by_role("button", name="Keep this run").click()
    page.get_by_text("The page shows this run.").wait_for()
    page.goto(f"{app_url}/Runs?{HOW}&at=0.5")
    page.get_by_role("link", name="Restore this run").click()
    page.get_by_text("The page shows this run.").wait_for()
    page.wait_for_url(re.compile(r"at=0\.6&run=[0-9a-f]{16}&corrections=0$"))
    page.go_back()
    page.wait_for_url(re.compile(r"at=0\.5"))
    page.get_by_role("link", name="Restore this run").wait_for()
