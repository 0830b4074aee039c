"""Draws the part of the sidebar in which a visitor of a shared server gives its secret."""

from __future__ import annotations

import streamlit as st

from shopsim.ui.access.rights import WHY_NOT, give_secret, give_up, is_shared, may_change, secret_is_set


def show_rights() -> None:
    """Draws what this visitor may do on a shared server, and how to do more; nothing on a server of one's own."""
    if not is_shared():
        return
    if may_change():
        _offer_end()
        return
    with st.expander("You may look, but not change anything", icon=":material/lock:"):
        st.caption(WHY_NOT)
        if not secret_is_set():
            st.caption("No secret was set when it was started, so nobody may.")
            return
        with st.form("secret", border=False, clear_on_submit=True):
            secret = st.text_input("Secret", type="password", autocomplete="off")
            given = st.form_submit_button("Give it", width="stretch")
        if given:
            give_secret(secret)
            st.rerun()


def _offer_end() -> None:
    with st.expander("You may change what others see", icon=":material/lock_open:"):
        if st.button("Give this up", key="rights-up", width="stretch"):
            give_up()
            st.rerun()
