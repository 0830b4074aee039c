"""Networks that were trained here on labelled photos."""

from __future__ import annotations

import re
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Setting
from shopsim.features.extractors import extractors
from shopsim.features.networks.by_precision import network_extractor
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.precision import SETTING
from shopsim.features.networks.saved_model_source import SavedModelSource
from shopsim.features.networks.trained import SAVED_MODEL, names, network_folder, read_card
from shopsim.features.networks.wanted import needs_weights
from shopsim.features.networks.weights import obtain

NAME = "fine_tuned"
_WEIGHTS = re.compile(r"weights=[0-9a-f]{16}")


@needs_weights(NAME)
def _wanted(network: str = "") -> Path:
    return network_folder(network) / SAVED_MODEL


@extractors.register(
    NAME,
    title="Trained network",
    source="Kim et al., Proxy Anchor Loss for Deep Metric Learning, CVPR 2020; trained here",
    summary="A network that was trained on labelled photos.",
    settings=(Setting("network", "Network", "", help="Its name on the Learn page", choices=names), SETTING),
)
def fine_tuned(network: str, precision: str) -> NetworkExtractor:
    """The network of that name. Raises ShopsimError if there is none, or its card is damaged."""
    card = read_card(network)
    side, n_features = card.get("side"), card.get("n_features")
    if not isinstance(side, int) or not isinstance(n_features, int):
        raise ShopsimError(f"The card of the network '{network}' has no whole numbers 'side' and 'n_features'.")
    source = SavedModelSource(obtain(NAME, network=network), side, n_features)
    saved = _WEIGHTS.search(str(card.get("features")))
    if saved and saved[0] not in source.key:
        raise ShopsimError(
            f"The files of the network '{network}' are not as they were saved, so they were changed or damaged; bring "
            "them back from a copy, or remove the network and learn again."
        )
    return network_extractor(source, precision)
