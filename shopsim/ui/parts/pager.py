"""Divides a long list into pages, and keeps the page in the address."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from shopsim.ui.address import detail, keep_detail
from shopsim.ui.guard import callback

Item = TypeVar("Item")

# Pixels of one button, and the most pages that Streamlit shows.
_PAGE_WIDTH, _MOST_SHOWN = 44, 7
# With room for exactly three pages, Streamlit hides the second one of them.
_CROWDED = 3


def paged(items: Sequence[Item], size: int, place: str) -> tuple[Sequence[Item], int, int]:
    """Returns the items of the page in the address, the page's number from 1, and the number of pages.

    It draws the pager if needed. A page that does not exist becomes the nearest one that does.
    place: distinguishes several pagers of one list.
    """
    n_pages = max(1, math.ceil(len(items) / size))
    page = page_in_address(n_pages)
    if n_pages > 1:
        draw_pager(page, n_pages, place)
    return items[(page - 1) * size : page * size], page, n_pages


def draw_pager(page: int, n_pages: int, place: str) -> None:
    """Draws a pager alone, for example once more below the list."""
    pagination(page, n_pages, place, go_to_page)


def page_in_address(n_pages: int) -> int:
    """Returns the page in the address, from 1 to n_pages."""
    text = detail("page")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(page, 1), n_pages)


def go_to_page(page: int) -> None:
    """Writes the page to the address; call it from a callback."""
    keep_detail("page", "" if page == 1 else str(page))


def turn_page(place: str, n_pages: int) -> int:
    """Returns the page of a list whose page is not in the address; draws its pager if there are several pages."""
    kept = st.session_state.setdefault("pages", {})
    page = min(max(kept.get(place, 1), 1), max(n_pages, 1))
    if n_pages > 1:
        pagination(page, n_pages, place, lambda chosen: kept.__setitem__(place, chosen))
    return page


def pagination(page: int, n_pages: int, place: str, turn: Callable[[int], None]) -> None:
    """Draws Streamlit's pager at `page`; turn: is called with the chosen page."""
    # Streamlit warns if the pager's state is set from outside, so each page has a pager with its own key.
    key = f"pager {place} {page} {n_pages}"
    # With the width of its content, the pager hides the second of two pages.
    room = min(n_pages, _MOST_SHOWN) + (n_pages == _CROWDED)
    width = _PAGE_WIDTH * (room + 2)
    st.pagination(n_pages, default=page, key=key, width=width, on_change=callback(lambda: turn(st.session_state[key])))
