"""Pages of a long list; the page is in the address."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import TypeVar

import streamlit as st

from shopsim.ui.address import detail, keep_detail
from shopsim.ui.guard import callback

Item = TypeVar("Item")

# Pixels of one button, and how many pages Streamlit shows at most.
_PAGE_WIDTH, _MOST_SHOWN = 44, 7


def paged(items: Sequence[Item], size: int, place: str) -> tuple[Sequence[Item], int, int]:
    """The items of the page the address names, that page from 1, and how many there are; draws the pager if needed.

    A page that does not exist is the nearest that does. place: tells several pagers of one list apart.
    """
    n_pages = max(1, math.ceil(len(items) / size))
    page = page_in_address(n_pages)
    if n_pages > 1:
        draw_pager(page, n_pages, place)
    return items[(page - 1) * size : page * size], page, n_pages


def draw_pager(page: int, n_pages: int, place: str) -> None:
    """A pager by itself, say once more below the list."""
    pagination(page, n_pages, place, go_to_page)


def page_in_address(n_pages: int) -> int:
    """The page the address names, from 1 to n_pages."""
    text = detail("page")
    page = int(text) if text.isascii() and text.isdigit() and len(text) < 8 else 1
    return min(max(page, 1), n_pages)


def go_to_page(page: int) -> None:
    """Write the page to the address; call from a callback."""
    keep_detail("page", "" if page == 1 else str(page))


def turn_page(place: str, n_pages: int) -> int:
    """The page of a list that the address does not name, with its pager if there are several."""
    kept = st.session_state.setdefault("pages", {})
    page = min(max(kept.get(place, 1), 1), max(n_pages, 1))
    if n_pages > 1:
        pagination(page, n_pages, place, lambda chosen: kept.__setitem__(place, chosen))
    return page


def pagination(page: int, n_pages: int, place: str, turn: Callable[[int], None]) -> None:
    """Streamlit's pager standing at `page`; turn: is called with the page that is chosen."""
    # It warns when its state is set from outside, so it is another pager wherever the page is another.
    key = f"pager {place} {page} {n_pages}"
    # Left to its content's width it hides the second of two pages.
    width = _PAGE_WIDTH * (min(n_pages, _MOST_SHOWN) + 2)
    st.pagination(n_pages, default=page, key=key, width=width, on_change=callback(lambda: turn(st.session_state[key])))
