"""MobileNetV2 feature vectors: the network of the public baseline (1.4), and the smaller one (1.0)."""

from __future__ import annotations

from shopsim.features.extractors import extractors
from shopsim.features.networks.by_precision import network_extractor
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.precision import SETTING
from shopsim.features.networks.saved_model_source import SavedModelSource
from shopsim.features.networks.wanted import Wanted, needs_weights
from shopsim.features.networks.weights import obtain

_SIDE = 224
_SOURCE = "Sandler et al., MobileNetV2 (CVPR 2018), trained on ImageNet; TensorFlow Hub imagenet/{}/feature_vector"


def _wanted(network: str) -> Wanted:
    """The network's folder name, and the Hub's handles of its two TF2 versions."""
    handle = f"https://tfhub.dev/google/imagenet/{network}/feature_vector"
    return Wanted(network, (f"{handle}/5", f"{handle}/4"))


@needs_weights("mobilenet_v2")
def _wanted_100() -> Wanted:
    return _wanted("mobilenet_v2_100_224")


@needs_weights("mobilenet_v2_140")
def _wanted_140() -> Wanted:
    return _wanted("mobilenet_v2_140_224")


@extractors.register(
    "mobilenet_v2",
    title="MobileNetV2",
    source=_SOURCE.format("mobilenet_v2_100_224"),
    summary="1,280 features of a network trained on ImageNet.",
    settings=(SETTING,),
)
def mobilenet_v2(precision: str) -> NetworkExtractor:
    """MobileNetV2 of width 1.0."""
    return network_extractor(SavedModelSource(obtain("mobilenet_v2"), _SIDE, n_features=1280), precision)


@extractors.register(
    "mobilenet_v2_140",
    title="MobileNetV2 1.4",
    source=_SOURCE.format("mobilenet_v2_140_224"),
    summary="The public baseline's own network: 1.4 times as wide, 1,792 features.",
    settings=(SETTING,),
)
def mobilenet_v2_140(precision: str) -> NetworkExtractor:
    """MobileNetV2 of width 1.4."""
    return network_extractor(SavedModelSource(obtain("mobilenet_v2_140"), _SIDE, n_features=1792), precision)
