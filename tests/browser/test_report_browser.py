"""The report in a real browser: from a file, without a network, in both themes, on a phone and on paper."""

import re

import pytest

from shopsim.cli.main import main

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def report(drawn_cache, tmp_path_factory):
    """The report of the demo."""
    file = tmp_path_factory.mktemp("report") / "report.html"
    with pytest.MonkeyPatch.context() as places:
        places.setenv("SHOPSIM_CACHE", str(drawn_cache))
        places.setenv("SHOPSIM_HOME", str(file.parent / "home"))
        assert main(["report", "demo", "--extractor", "color_shape", "--costs", "5", "1", "--out", str(file)]) == 0
    return file


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_shows_everything_and_fetches_nothing(page, report, scheme):
    fetched, said = [], []
    page.on("request", lambda request: fetched.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    page.emulate_media(color_scheme=scheme)
    page.goto(report.as_uri())
    assert [url for url in fetched if not url.startswith("data:")] == [report.as_uri()]
    assert said == []
    assert page.locator("img").evaluate_all("all => all.every(one => one.naturalWidth > 0)")
    dark = page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(15, 19, 24)"
    assert dark == (scheme == "dark")


def test_nothing_sticks_out_on_a_phone(page, report):
    page.set_viewport_size({"width": 390, "height": 800})
    page.goto(report.as_uri())
    assert page.evaluate("document.documentElement.scrollWidth") <= 390


def test_it_prints_on_few_pages_of_a4(page, report):
    page.goto(report.as_uri())
    paper = page.pdf(prefer_css_page_size=True)
    boxes = {tuple(map(float, found)) for found in re.findall(rb"/MediaBox \[0 0 ([\d.]+) ([\d.]+)\]", paper)}
    ((width, height),) = boxes
    # In points: 210 x 297 mm.
    assert abs(width - 595.3) < 1 and abs(height - 841.9) < 1
    assert 3 <= paper.count(b"/Type /Page\n") + paper.count(b"/Type /Page/") <= 7
