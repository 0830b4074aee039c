"""What mistakes cost, as a page shows it: wrong pairs, the prices that are asked for, and the cheapest threshold."""

import pytest
from app_pages import no_traceback, open_page, settled, texts, threshold


@pytest.fixture
def page(tiny_catalog):
    return lambda **address: settled(open_page("pages/Runs.py", tiny_catalog, **address))


def priced(app, together, apart):
    app.number_input(key="price-together").set_value(together)
    app.number_input(key="price-apart").set_value(apart)
    return settled(app)


def test_the_cheapest_threshold_is_offered_and_taken(page):
    app = priced(page(at="0.99"), 1.0, 100.0)
    assert "Per 1,000 photos" in texts(app)
    taken = next(each for each in app.button if each.label.startswith("Take the threshold that costs least"))
    taken.click()
    app = settled(app)
    assert no_traceback(app)
    assert threshold(app).value < 99.0
    again = next(each for each in app.button if each.label.startswith("Take the threshold that costs least"))
    assert again.disabled


def test_two_prices_of_nothing_get_a_sentence(page):
    app = priced(page(), 0.0, 0.0)
    assert "Both costs are 0" in texts(app)
    assert no_traceback(app)
