"""The first visit in a real browser: a quick look, and one change to the default network's groups."""

import shutil
from pathlib import Path

import pytest
from drawn_photos import draw_models
from real_server import copy_of_the_app, served

from browser.boxes import box_of

QUICK_LOOK = "This is a quick look by colour and shape"
EXTRACTOR = 'input[aria-label*="Feature extractor"]'
THRESHOLD = '[data-testid="stMain"] [data-testid="stSlider"] input'
CHART = '[data-testid="stVegaLiteChart"]'
OPEN = '[class*="st-key-open-"] button'
POINTS = f"{CHART} .mark-symbol path"
# Notes each extractor that the sidebar shows, and each appearance of a line about a quick look.
NOTE_CHANGES = """() => {
    window.seen = [];
    setInterval(() => {
        const field = [...document.querySelectorAll('[data-testid="stSelectbox"]')]
            .find(each => each.textContent.startsWith('Feature extractor'));
        const shown = field?.querySelector('input')?.value;
        if (shown && window.seen.at(-1) !== shown) window.seen.push(shown);
    }, 50);
}"""


@pytest.fixture(scope="module")
def server(browser, tmp_path_factory):
    """The port of an app whose default network waits, and the file that lets it go on."""
    folder = copy_of_the_app(tmp_path_factory.mktemp("app"))
    shutil.copy(Path(__file__).with_name("slow_network.py"), folder / "shopsim/features/extractors")
    gate = folder / "gate"
    places = {
        "SHOPSIM_EXTRACTOR": "slow_network",
        "SLOW_NETWORK_GATE": str(gate),
        "SHOPSIM_CACHE": str(folder / "cache"),
        "SHOPSIM_HOME": str(folder / "home"),
    }
    with served(folder, folder / "server.log", places) as port:
        yield port, gate


@pytest.fixture
def visit(page, server, tmp_path, request):
    """Opens a page on photos that this server has never seen, and waits for the quick look."""
    port, gate = server
    gate.unlink(missing_ok=True)
    # Other colours per test, since features are kept by the photos' bytes.
    seed = 1 + [item.name for item in request.session.items].index(request.node.name)
    folder = draw_models(tmp_path / "photos", 8, 8, colours=seed)

    def open_page(name="", more=""):
        page.goto(f"http://localhost:{port}/{name}?folder={folder}{more}")
        page.evaluate(NOTE_CHANGES)
        page.get_by_text(QUICK_LOOK).wait_for()
        page.wait_for_selector(THRESHOLD)
        return page

    yield open_page, gate.touch
    gate.touch()


def is_asked(page):
    page.get_by_role("button", name="Show the new groups").wait_for()
    assert page.evaluate("window.seen") == ["Colour and shape"]
    return True


def test_the_page_changes_over_once(visit):
    open_page, let_go = visit
    page = open_page()
    let_go()
    page.get_by_text(QUICK_LOOK).wait_for(state="detached")
    page.wait_for_timeout(2500)
    assert page.evaluate("window.seen") == ["Colour and shape", "Slow network"]
    assert "extractor" not in page.url


def test_a_moved_threshold_is_not_lost(visit):
    open_page, let_go = visit
    page = open_page()
    page.locator(THRESHOLD).first.focus()
    page.keyboard.press("End")
    page.wait_for_url("**extractor=color_shape**at=1.0**")
    let_go()
    assert is_asked(page)
    assert page.locator(THRESHOLD).first.input_value() == "100"
    page.get_by_role("button", name="Show the new groups").click()
    page.get_by_text("Show the new groups").wait_for(state="detached")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.seen") == ["Colour and shape", "Slow network"]
    assert "at=" not in page.url


def test_a_selection_on_the_map_is_not_taken_away(visit):
    open_page, let_go = visit
    page = open_page("Map", "&projection=pca")
    page.wait_for_selector(POINTS)
    box = box_of(page.locator(CHART))
    page.mouse.move(box["x"] + box["width"] * 0.1, box["y"] + box["height"] * 0.1)
    page.mouse.down()
    page.mouse.move(box["x"] + box["width"] * 0.9, box["y"] + box["height"] * 0.9, steps=8)
    page.mouse.up()
    selected = page.locator("h3").filter(has_text="selected")
    selected.wait_for()
    before = selected.inner_text()
    let_go()
    assert is_asked(page)
    assert selected.inner_text() == before


def test_a_map_that_nobody_touches_changes_over(visit):
    open_page, let_go = visit
    page = open_page("Map", "&projection=pca")
    page.wait_for_selector(POINTS)
    let_go()
    page.get_by_text(QUICK_LOOK).wait_for(state="detached")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.seen") == ["Colour and shape", "Slow network"]


def test_an_open_group_is_not_taken_away(visit):
    open_page, let_go = visit
    page = open_page("Groups")
    page.locator(OPEN).first.click()
    page.wait_for_url("**group=**")
    let_go()
    assert is_asked(page)
    assert "group=" in page.url
