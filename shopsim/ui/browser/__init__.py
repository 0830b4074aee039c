"""What the pages do in the browser itself: a script, since Streamlit's widgets do not cover it."""

from __future__ import annotations

from functools import cache
from pathlib import Path

import streamlit as st

# In this order; each is a function that runs once per window.
_PARTS = ("history", "links", "charts", "lightbox", "look_here")


def run_in_browser() -> None:
    """Hands the script to the browser, which runs it once, however often a page is drawn."""
    st.html(_script(), unsafe_allow_javascript=True)


@cache
def _script() -> str:
    folder = Path(__file__).parent
    parts = "\n".join((folder / f"{name}.js").read_text(encoding="utf-8") for name in _PARTS)
    return f"<script>if (!window.shopsimRuns) {{ window.shopsimRuns = true;\n{parts}\n}}</script>"
