"""Where things stand on a page that may still be drawn."""

from playwright.sync_api import Error


def box_of(locator):
    """The box of what the locator finds, once it is there and has come to rest."""
    before = None
    for _ in range(300):
        try:
            locator.scroll_into_view_if_needed(timeout=2000)
            box = locator.bounding_box()
        except Error:  # it was drawn anew under our hands
            box = None
        if box is not None and box == before:
            return box
        before = box
        locator.page.wait_for_timeout(100)
    raise AssertionError(f"{locator} does not come to rest")
