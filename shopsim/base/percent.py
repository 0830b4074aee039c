"""Shares as people read them, which compare as the numbers behind them do."""

from __future__ import annotations


def in_full(share: float) -> str:
    """In percent with every digit it has, at least one behind the point: 0.62 is '62.0%' and 0.8555 is '85.55%'.

    For what others are compared with: typed back, it is the same number.
    """
    whole, _, digits = _percent(share).partition(".")
    return f"{whole}.{digits.rstrip('0') or '0'}%"


def cut_off(share: float) -> str:
    """In percent with one decimal, never rounded up: 0.8549 is '85.4%', so that it is not read as 85.5 %."""
    whole, _, digits = _percent(share).partition(".")
    return f"{whole}.{digits[:1]}%"


def _percent(share: float) -> str:
    """With 10 decimals, behind which a product by 100 leaves only noise."""
    return f"{share * 100:z.10f}"
