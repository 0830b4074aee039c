"""Makes the extractor of a network for a precision."""

from __future__ import annotations

from shopsim.features.networks.int8_extractor import Int8Extractor
from shopsim.features.networks.network import NetworkExtractor, Source
from shopsim.features.networks.precision import INT8


def network_extractor(source: Source, precision: str) -> NetworkExtractor:
    """Returns the extractor; precision: of those that `precision.SETTING` offers."""
    return Int8Extractor(source) if precision == INT8 else NetworkExtractor(source, precision)
