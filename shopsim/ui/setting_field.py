"""Draws a widget for a list of names, or for one setting of a registered name, in step with the choice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from shopsim.base.registry import Setting, Value
from shopsim.ui.address import drawn, follow_choice


def select_choice(
    label: str,
    options: list[str],
    current: str,
    key: str,
    shown: Any = str,
    help: str | None = None,
    why_off: str = "",
) -> str:
    """Asks for one of the names. why_off: why the list changes nothing here; then it is off."""
    follow_choice(key, current)
    if st.session_state[key] not in options:
        st.session_state[key] = options[0]
    off = {"disabled": True, "help": why_off} if why_off else {"help": help}
    return drawn(key, st.selectbox(label, options, key=key, format_func=shown, **off))


def setting_field(setting: Setting, current: Value, key: str, why_off: str = "") -> Value:
    """Asks for a setting. why_off: why it changes nothing here; then it is off."""
    # An empty field is how a page writes "automatic".
    follow_choice(key, None if setting.automatic is not None and current == setting.automatic else current)
    value = drawn(key, _widget(setting, key, {"help": why_off or setting.help or None, "disabled": bool(why_off)}))
    if value is None:
        return setting.automatic
    return value.strip() if isinstance(value, str) else value


def _widget(setting: Setting, key: str, how: Mapping[str, Any]) -> Value | None:
    if isinstance(setting.default, bool):
        return st.toggle(setting.title, key=key, **how)
    if setting.options:
        return st.selectbox(setting.title, setting.options, key=key, **how)
    if setting.choices is not None:
        names = list(setting.choices())
        current = st.session_state[key]
        # One that is gone stays listed, so that the page tells of it instead of showing another.
        known = names if current in ("", *names) else [current, *names]
        st.session_state[key] = current or known[0]
        return st.selectbox(setting.title, known, key=key, **how)
    if isinstance(setting.default, str):
        return st.text_input(setting.title, key=key, **how)
    bounds: Mapping[str, Any] = {"min_value": setting.low, "max_value": setting.high, "step": setting.step}
    typed = {name: None if bound is None else type(setting.default)(bound) for name, bound in bounds.items()}
    if setting.automatic is not None:
        return st.number_input(setting.title, value=None, placeholder="automatic", **typed, key=key, **how)
    if isinstance(setting.default, float) and None not in typed.values():
        return st.slider(setting.title, **typed, key=key, **how)
    return st.number_input(setting.title, **typed, key=key, **how)
