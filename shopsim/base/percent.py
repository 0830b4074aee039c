"""Writes shares in percent, so that the texts compare as the numbers do."""

from __future__ import annotations


def in_full(share: float) -> str:
    """Writes the share in percent with all its digits, at least one after the point.

    0.62 is '62.0%' and 0.8555 is '85.55%'. Other numbers are compared with this one: typed back, it is the same number.
    """
    whole, _, digits = _percent(share).partition(".")
    return f"{whole}.{digits.rstrip('0') or '0'}%"


def cut_off(share: float) -> str:
    """Writes the share in percent with one decimal, never rounded up: 0.8549 is '85.4%' and not '85.5%'."""
    whole, _, digits = _percent(share).partition(".")
    return f"{whole}.{digits[:1]}%"


def _percent(share: float) -> str:
    """Writes the share in percent with 10 decimals; the digits after these are rounding noise of the product by 100."""
    return f"{share * 100:z.10f}"
