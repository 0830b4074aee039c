"""Mounts the component that draws many points with WebGL, and reads what is selected on it."""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import streamlit as st
from streamlit import runtime
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

_PACKAGE, _PART = "shopsim", "map"
_NAME = f"{_PACKAGE}.{_PART}"
# Their names hold a digest of what is in them, so no browser keeps an old one.
_SCRIPT, _STYLE = "index-*.js", "map-*.css"
_FAILED = "map-component-failed"
_BYTES, _JSON = "application/octet-stream", "application/json"


def bundle_dir() -> Path:
    """Returns the folder that `make map` writes; a wheel brings it."""
    return Path(__file__).parent / "bundle"


def is_built() -> bool:
    """Says whether the component can be mounted."""
    return any(bundle_dir().glob(_SCRIPT))


def why_failed() -> str:
    """Returns what this visitor's browser said when the component could not draw; '' if it did not."""
    return st.session_state.get(_FAILED, "")


def address_of(content: bytes, place: str, is_json: bool = False) -> str:
    """Hands bytes to Streamlit for this visitor and returns their address, relative to the page.

    The same bytes have the same address, so a browser asks for them once. place: a name; what had it before goes.
    """
    # Streamlit looks at parts of large files only; the name makes it see every change.
    name = hashlib.blake2b(content, digest_size=16).hexdigest()
    files = runtime.get_instance().media_file_mgr
    return files.add(content, _JSON if is_json else _BYTES, f"map-{place}", file_name=name).lstrip("/")


def mount(data: Mapping[str, object], key: str, height: int) -> Mapping[str, Any]:
    """Draws the component and returns what it reported: its selection, or why it could not draw."""
    reported = _mounted()(
        key=key,
        data={**data, "height": height},
        height=height,
        on_selection_change=_nothing,
        on_failed_change=_nothing,
    )
    if reported.get("failed"):
        st.session_state[_FAILED] = str(reported["failed"])[:200]
        st.rerun()
    return reported


def selected_photos(selection: Any, n_images: int) -> np.ndarray:
    """Returns the (k,) int64 rising rows of the selected photos; whatever a browser sends, rows that exist.

    selection: {'rows': [3, 9]}, or {'bits': ...}: one bit for each row, the lowest first, in base64.
    """
    found = selection if isinstance(selection, Mapping) else {}
    chosen = np.zeros(n_images, dtype=bool)
    if isinstance(found.get("bits"), str):
        try:
            packed = np.frombuffer(base64.b64decode(found["bits"], validate=True), dtype=np.uint8)
        except (binascii.Error, ValueError):
            packed = np.zeros(0, dtype=np.uint8)
        bits = np.unpackbits(packed, bitorder="little")[:n_images]
        chosen[: len(bits)] = bits.astype(bool)
    elif isinstance(found.get("rows"), list):
        rows = [row for row in found["rows"] if type(row) is int and 0 <= row < n_images]
        chosen[rows] = True
    return np.flatnonzero(chosen)


def _nothing() -> None:
    """Streamlit reports only what somebody listens to."""


def _mounted() -> Callable[..., Mapping[str, Any]]:
    """Returns the function that draws the component; registers the component with the server once."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(_NAME) is None:
        # Streamlit reads this from the pyproject.toml of installed packages; a checkout has no installed package.
        manifest = ComponentManifest(_PACKAGE, "1", [ComponentConfig(_PART, bundle_dir().name)])
        manager.register_from_manifest(manifest, bundle_dir().parent)
    return st.components.v2.component(_NAME, js=_SCRIPT, css=_STYLE, isolate_styles=False)
