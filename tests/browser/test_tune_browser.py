"""The Tune page in a real browser, on the demo."""

import re

import pytest
from group_tables import read_groups_csv

from browser.boxes import box_of
from shopsim.grouping.groups_csv import COLUMNS

pytestmark = pytest.mark.browser

NUMBERS = '[data-testid="stMetricValue"]'
THRESHOLD = '[data-testid="stMain"] [data-testid="stSlider"] input'
CURVE = '[data-testid="stVegaLiteChart"]'


@pytest.fixture
def tune(page, app_url):
    """The page of a new visitor, with the demo grouped."""
    page.goto(app_url)
    page.wait_for_selector(NUMBERS)
    page.wait_for_selector(f"{CURVE} canvas, {CURVE} svg")
    return page


def numbers(page):
    """ARI, pair precision, pair recall, groups found, true models, as they stand on the page once all are drawn."""
    page.wait_for_function(
        f"""() => {{
            const shown = [...document.querySelectorAll('{NUMBERS}')].slice(0, 5);
            return shown.length === 5 && shown.every(number => number.innerText);
        }}"""
    )
    return page.locator(NUMBERS).all_inner_texts()[:5]


def wait_for_other(page, ari):
    """Until the ARI shown is another one."""
    first = f"document.querySelector('{NUMBERS}').innerText"
    page.wait_for_function(f"ari => {first} !== ari", arg=ari)
    return numbers(page)[0]


def wait_for_ari(page, ari):
    """Until that ARI is shown."""
    page.locator('[data-testid="stMetric"]', has_text="ARI").filter(has_text=ari).first.wait_for()


def wait_for_address(page, pattern):
    page.wait_for_url(re.compile(pattern))
    return page.url


def jump(page, key):
    """Move the threshold by a key."""
    page.locator(THRESHOLD).first.focus()
    page.keyboard.press(key)


def click_curve(page, share):
    """Click the curve at a share of its width."""
    box = box_of(page.locator(CURVE).first)
    page.mouse.click(box["x"] + box["width"] * share, box["y"] + box["height"] * 0.5)


def test_a_stranger_sees_the_demo_grouped(tune):
    assert tune.title() == "Tune · shopsim"
    ari, *_, n_models = numbers(tune)
    assert 0.3 < float(ari) < 1
    assert int(n_models) >= 24
    tune.get_by_text("Demo catalogue").first.wait_for()


def test_the_photos_of_the_largest_groups_are_really_there(tune):
    tune.wait_for_function("""() => {
        const photos = [...document.querySelectorAll('.photos img')];
        photos.forEach(photo => photo.scrollIntoView());
        return photos.length > 12 && photos.every(photo => photo.complete && photo.naturalWidth > 0);
    }""")


def test_moving_the_threshold_by_the_keyboard_changes_the_score(tune):
    best = numbers(tune)[0]
    jump(tune, "End")
    assert float(wait_for_other(tune, best)) < float(best)
    assert "at=1.0" in wait_for_address(tune, r"at=1\.0")
    tune.get_by_role("button", name="Take the best").click()
    wait_for_ari(tune, best)


def test_a_threshold_is_taken_by_a_click_on_the_curve_and_again_after_it_was_left(tune):
    best = numbers(tune)[0]
    click_curve(tune, 0.8)
    picked = wait_for_other(tune, best)
    address = wait_for_address(tune, "at=")
    jump(tune, "End")
    left = wait_for_other(tune, picked)
    for _ in range(10):  # the chart may still be drawn anew when the score is there
        click_curve(tune, 0.8)
        tune.wait_for_timeout(1000)
        if numbers(tune)[0] != left:
            break
    wait_for_ari(tune, picked)
    assert wait_for_address(tune, "at=0") == address


def test_a_threshold_survives_the_way_to_another_page_and_back(tune):
    best = numbers(tune)[0]
    jump(tune, "Home")
    ari = wait_for_other(tune, best)
    address = wait_for_address(tune, "at=")
    tune.get_by_role("link", name="Catalogs").first.click()
    tune.get_by_role("heading", name="Opened lately").wait_for()
    tune.get_by_role("link", name="Tune").first.click()
    wait_for_ari(tune, ari)
    assert wait_for_address(tune, "at=") == address


def test_a_link_shows_a_second_visitor_what_the_first_one_saw(tune, browser):
    best = numbers(tune)[0]
    click_curve(tune, 0.7)
    wait_for_other(tune, best)
    link = wait_for_address(tune, "at=")
    second = browser.new_context().new_page()
    second.goto(link)
    second.wait_for_selector(NUMBERS, timeout=90_000)
    assert numbers(second) == numbers(tune)
    second.context.close()


def test_the_csv_holds_the_groups_on_the_page(tune, tmp_path):
    with tune.expect_download() as download:
        tune.get_by_role("button", name="Download the groups as CSV").click()
    assert re.fullmatch(r"Demo-catalogue-groups-\w+-[\d.]+-20\d\d-\d\d-\d\d\.csv", download.value.suggested_filename)
    path = tmp_path / "groups.csv"
    download.value.save_as(path)
    assert path.read_bytes().startswith(b"\xef\xbb\xbf" + ",".join(COLUMNS).encode() + b"\r\n")
    table = read_groups_csv(path)
    assert table["group"].nunique() == int(numbers(tune)[3])
    assert table["image_id"].is_unique


def test_no_address_breaks_the_page(page, app_url):
    page.goto(f"{app_url}/?at=nan&space=-1&clusterer=%3Cb%3E&space.strength=inf&copies=x&category=%00&form=..%2F")
    page.wait_for_selector(NUMBERS)
    assert not page.locator('[data-testid="stException"]').count()
    page.wait_for_url(f"{app_url}/?extractor=color_shape&space=whitened&clusterer=average")


def test_a_folder_that_is_not_there_is_told_and_another_can_be_opened(page, app_url):
    page.goto(f"{app_url}/?folder=/no/such/folder")
    page.get_by_role("alert").wait_for()
    assert "/no/such/folder" in page.get_by_role("alert").inner_text()
    page.get_by_role("link", name="Open another catalogue").click()
    page.get_by_role("heading", name="Open a folder").wait_for()


def test_the_dark_page_is_dark_and_complete(browser, app_url):
    page = browser.new_context(color_scheme="dark").new_page()
    page.goto(app_url)
    page.wait_for_selector(f"{CURVE} canvas, {CURVE} svg", timeout=90_000)
    colour = page.evaluate("getComputedStyle(document.querySelector('.stApp')).backgroundColor")
    assert max(int(part) for part in re.findall(r"\d+", colour)[:3]) < 60
    page.context.close()
