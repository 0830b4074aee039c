"""Shows the kept networks on the Learn page: what they are, what they gained, and buttons to use or remove them."""

from __future__ import annotations

import streamlit as st

from shopsim.features.networks.trained import names
from shopsim.learning.network.architecture import ARCHITECTURES, MOBILENET_V2
from shopsim.learning.read_back import Kept, kept_network
from shopsim.tuning.settings_files import names as settings_names
from shopsim.ui.access.rights import may_change
from shopsim.ui.guard import shown_errors
from shopsim.ui.learn.result import show_compared
from shopsim.ui.learn.use import offer_network, offer_removal, offer_settings
from shopsim.ui.learn.watch import show_curve
from shopsim.ui.page import Photos
from shopsim.ui.parts.texts import as_written, counted
from shopsim.ui.tuned_settings import told

_MOST_SHOWN = 30


def show_networks(photos: Photos) -> None:
    """Shows all kept networks, the newest first and opened; a closed one is not computed."""
    st.subheader("Trained networks")
    kept = names()
    if not kept:
        st.caption("None yet. One that was trained here can be the extractor of every page.")
    for number, name in enumerate(kept[:_MOST_SHOWN]):
        with shown_errors(ends_page=False):
            network = kept_network(name)
            box = st.expander(_title(network), key=f"network-{name}", expanded=number == 0, on_change="rerun")
            with box:
                if box.open:
                    _show_one(network, photos)
    if len(kept) > _MOST_SHOWN:
        st.caption(f"{counted(len(kept) - _MOST_SHOWN, 'older one')} not shown.")


def _title(network: Kept) -> str:
    held_out = network.held_out
    scores = f": ARI {told(held_out.before.ari)} → {told(held_out.after.ari)}" if held_out is not None else ""
    return f"**{as_written(network.name)}**, from {as_written(network.catalog)}{scores}"


def _show_one(network: Kept, photos: Photos) -> None:
    place = f"network {network.name}"
    st.markdown(as_written(network.told))
    passes = "1 pass" if network.passes == 1 else f"{network.passes:,} passes"
    # Earlier versions trained MobileNetV2 only, and did not say so.
    depth = ARCHITECTURES.get(network.architecture, MOBILENET_V2).depths.get(network.depth)
    trained = "" if depth is None else f"; trained: {depth.told}"
    st.caption(
        f"Made {as_written(network.made[:16].replace('T', ' '))} UTC from {as_written(network.parent)}, by {passes} "
        f"over {counted(network.n_images, 'photo')} of {counted(network.n_models, 'model')}{trained}."
    )
    with st.container(horizontal=True):
        if network.settings in settings_names():
            offer_settings(network.settings, place)
        offer_network(network.name, place)
        # Strangers may not take away what cannot be computed again.
        if may_change():
            offer_removal(network.name, network.settings)
    if network.curve:
        show_curve(network.curve, network.passes, "kept", place)
    if network.held_out is None:
        st.caption("Not compared with before: every model was learnt from, or the learning has not come so far.")
    else:
        show_compared(network.held_out, network.models, photos.whole, place)
