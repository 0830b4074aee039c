"""Networks that were trained here on labelled photos."""

from __future__ import annotations

from pathlib import Path

from shopsim import ShopsimError
from shopsim.extractors import extractors
from shopsim.extractors.network import NetworkExtractor
from shopsim.extractors.wanted import needs_weights
from shopsim.extractors.weights import obtain
from shopsim.registry import Setting
from shopsim.trained_networks import SAVED_MODEL, names, network_folder, read_card

NAME = "fine_tuned"


@needs_weights(NAME)
def _wanted(network: str = "") -> Path:
    return network_folder(network) / SAVED_MODEL


@extractors.register(
    NAME,
    title="Trained network",
    source="Kim et al., Proxy Anchor Loss for Deep Metric Learning, CVPR 2020; trained here",
    summary="A network that was trained on labelled photos.",
    settings=(Setting("network", "Network", "", help="Its name on the Learn page", choices=names),),
)
def fine_tuned(network: str) -> NetworkExtractor:
    """The network of that name. Raises ShopsimError if there is none, or its card is damaged."""
    card = read_card(network)
    side, n_features = card.get("side"), card.get("n_features")
    if not isinstance(side, int) or not isinstance(n_features, int):
        raise ShopsimError(f"The card of the network '{network}' has no whole numbers 'side' and 'n_features'.")
    return NetworkExtractor(obtain(NAME, network=network), side, n_features)
