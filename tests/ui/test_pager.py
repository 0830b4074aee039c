"""A pager has room for all pages that Streamlit can show at once."""

import pytest

from shopsim.ui.parts import pager


# Measured in a browser: with less room Streamlit hides a page behind an ellipsis, of three with 242 pixels too.
@pytest.mark.parametrize(("n_pages", "pixels"), [(2, 176), (3, 264), (4, 264), (5, 308), (7, 396), (8, 396)])
def test_a_pager_is_wide_enough_for_its_pages(monkeypatch, n_pages, pixels):
    widths = []
    monkeypatch.setattr(pager.st, "pagination", lambda *_, width, **__: widths.append(width))
    pager.pagination(1, n_pages, "above", print)
    assert widths == [pixels]
