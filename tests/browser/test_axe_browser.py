"""axe-core finds no serious fault on any page, in the light and the dark theme."""

import pytest
from axe import axe_script, serious_faults

from shopsim.ui.sidebar import PAGES

pytestmark = pytest.mark.browser

AT_REST = """() => {
    const app = document.querySelector('[data-testid="stApp"]');
    const bar = document.querySelector('[data-testid="stMain"] [data-testid="stProgress"]');
    return app?.dataset.testScriptState === 'notRunning' && document.querySelector('h1') && !bar;
}"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    return axe_script(tmp_path_factory.mktemp("axe"))


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_page_has_a_serious_fault(browser, app_url, script, theme, subtests):
    page = browser.new_context(viewport={"width": 1440, "height": 1000}, color_scheme=theme).new_page()
    page.set_default_timeout(120_000)
    for name, (file, _) in PAGES.items():
        with subtests.test(page=name):
            page.goto(app_url if file == "app.py" else f"{app_url}/{name}")
            for _ in range(3):
                page.wait_for_function(AT_REST)
                page.wait_for_timeout(700)
            assert serious_faults(page, script) == []
    page.context.close()
