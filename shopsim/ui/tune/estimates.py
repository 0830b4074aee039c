"""Writes estimates for people: the number, and the range that the true one probably lies in."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from shopsim.grouping.grouping import Grouping
from shopsim.tuning.built_in.expected import Estimate
from shopsim.tuning.built_in.look import blind_of


def how_often(name: str, true: str) -> str:
    """Says how often a range held, as the cards of the built-in models say it. name, true: of range and number."""
    return (
        f"{name} was tested on kinds of photos that it was not made from. {true} lay in this range in about four of "
        "five cases; on the hardest kind, in about half."
    )


NOT_MEASURED = (
    f"An estimate from how other catalogues turned out, not a measurement. {how_often('The range', 'The true score')}"
)


def as_score(score: float) -> str:
    """Writes an ARI with the digits that an estimate deserves."""
    return f"{score:z.2f}"


def as_share(share: float) -> str:
    """Writes a share as whole percent."""
    return f"{share:.0%}"


def as_size(photos: float) -> str:
    """Writes photos per model with two digits that count: '5.7', '120'."""
    return f"{rounded_size(photos):,.12g}"


def rounded_size(photos: float) -> float:
    """Returns the number that `as_size` writes."""
    return float(f"{photos:.2g}")


def likely(estimate: Estimate, write: Callable[[float], str]) -> str:
    """Writes the range: 'likely 0.48 to 0.74'."""
    return f"likely {write(estimate.low)} to {write(estimate.high)}"


def in_short(estimate: Estimate, write: Callable[[float], str]) -> str:
    """Writes the estimate with its range for a table: '0.62 (0.48–0.74)'."""
    return f"{write(estimate.value)} ({write(estimate.low)}–{write(estimate.high)})"


def with_range(estimate: Estimate, write: Callable[[float], str]) -> str:
    """Writes the estimate with its range: '0.62, likely 0.48 to 0.74'."""
    return f"{write(estimate.value)}, {likely(estimate, write)}"


def show_expected_line(grouping: Grouping) -> None:
    """Says in one line what ARI to expect of groups without true models; nothing where that is not known."""
    blind = blind_of(grouping.fitted)
    if blind is not None:
        ari = blind.expected.at(grouping.value).ari
        before = ", before _strict_ splits them" if grouping.strict else ""
        st.caption(f"Expected ARI of these groups{before}: {with_range(ari, as_score)}.", help=NOT_MEASURED)
