"""Asks what a wrong pair costs, and shows the threshold that costs least."""

from __future__ import annotations

import streamlit as st

from shopsim.base.errors import ShopsimError
from shopsim.grouping.changed import is_changed
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.scoring.costs import PairCurve, Prices, as_estimated, pairs_of_curve, per_thousand
from shopsim.scoring.curve import Curve
from shopsim.tuning.built_in.look import expected_pairs_of
from shopsim.ui.address import drawn, follow_choice
from shopsim.ui.guard import callback
from shopsim.ui.parts.texts import counted
from shopsim.ui.threshold import take_threshold

_FIELDS = {
    "together": ("Cost of a pair wrongly together", "Two photos of different models in one group."),
    "apart": ("Cost of a missed pair", "Two photos of one model in different groups."),
}


def pairs_of(fitted: Fitted) -> PairCurve | None:
    """Returns the wrong pairs at every threshold, estimated without labels; None where nothing says how many."""
    if isinstance(fitted.curve, Curve):
        return pairs_of_curve(fitted.curve)
    return expected_pairs_of(fitted)


def show_costs(grouping: Grouping) -> None:
    """Shows wrong pairs per 1,000 photos, asks for two prices, and offers the threshold of the least cost."""
    with st.expander("What mistakes cost"):
        pairs = pairs_of(grouping.fitted)
        counts = _counts(grouping, pairs)
        if counts is None:
            st.caption(_why_unknown(grouping.fitted))
            return
        wrong, missed, n_photos, is_estimate = counts
        told = "Per 1,000 photos, **{wrong:,.0f}** pairs are wrongly together and **{missed:,.0f}** were missed."
        if is_estimate:
            told = "Estimated per 1,000 photos: **{wrong:,.0f}** pairs wrongly together, **{missed:,.0f}** missed."
            told += " The groups as they are before _strict_ splits them." if grouping.strict else ""
        per = [_shown(per_thousand(pairs_there, n_photos), is_estimate) for pairs_there in (wrong, missed)]
        st.markdown(told.format(wrong=per[0], missed=per[1]))
        try:
            prices = ask_for_prices()
        except ShopsimError as error:
            st.caption(str(error))
            return
        _show_least(grouping, pairs, prices, prices.of(wrong, missed), counted(n_photos, "photo"))


def _why_unknown(fitted: Fitted) -> str:
    if is_changed(fitted):
        return (
            "How many pairs are wrong is not known: no photo has a known model, and there is no estimate for groups "
            "that a never-join rule or corrections changed."
        )
    return (
        "How many pairs are wrong is not known: no photo has a known model, and the built-in settings do not fit these "
        "photos and settings."
    )


def _counts(grouping: Grouping, pairs: PairCurve | None) -> tuple[float, float, int, bool] | None:
    """Pairs wrongly together, pairs missed, the photos they are of, and whether they are estimated."""
    scores = grouping.evaluation
    if scores is not None:
        return scores.pairs.fp, scores.pairs.fn, scores.n_images, False
    if pairs is None:
        return None
    place = pairs.at(grouping.value)
    return float(pairs.wrong[place]), float(pairs.missed[place]), pairs.n_photos, True


def kept_prices() -> Prices | None:
    """Returns the prices that the visitor gave last, None if they gave none."""
    return st.session_state.get("prices")


def ask_for_prices() -> Prices:
    """Asks for both prices. Raises ShopsimError if both are 0."""
    before, found = kept_prices() or Prices(1.0, 1.0), {}
    for column, (name, (label, help)) in zip(st.columns(2), _FIELDS.items(), strict=True):
        key = f"price-{name}"
        follow_choice(key, getattr(before, name))
        found[name] = drawn(key, column.number_input(label, min_value=0.0, max_value=1e9, step=1.0, key=key, help=help))
    st.session_state["prices"] = prices = Prices(**found)
    return prices


def _show_least(grouping: Grouping, pairs: PairCurve | None, prices: Prices, cost: float, photos: str) -> None:
    if pairs is None:
        st.markdown(
            f"These groups of {photos} cost **{cost:,.0f}**. This clustering has no threshold that could be moved."
        )
        return
    if grouping.strict:
        about = "about " if pairs.is_estimate else ""
        shown = _shown(cost, pairs.is_estimate)
        st.markdown(
            f"These groups of {photos} cost {about}**{shown:,.0f}**. With _strict_ the least cost is not known."
        )
        return
    place = pairs.cheapest(prices)
    best, threshold = float(pairs.costs(prices)[place]), max(float(pairs.threshold[place]), grouping.fitted.control.low)
    left, right = st.columns([3, 2], vertical_alignment="center")
    told = "These groups of {photos} cost **{cost:,.0f}**. The least is **{best:,.0f}** at {threshold:.1%}."
    if pairs.is_estimate:
        told = (
            "These groups of {photos} cost about **{cost:,.0f}**. "
            "The least is about **{best:,.0f}** at {threshold:.1%}."
        )
    costs = {"cost": _shown(cost, pairs.is_estimate), "best": _shown(best, pairs.is_estimate)}
    left.markdown(told.format(**costs, photos=photos, threshold=threshold))
    right.button(
        f"Take the threshold that costs least: {threshold:.1%}",
        disabled=grouping.value == threshold,
        on_click=callback(take_threshold),
        args=(threshold,),
        width="stretch",
    )


def _shown(number: float, is_estimate: bool) -> float:
    return as_estimated(number) if is_estimate else number
