"""Says, without importing anything, whether OpenVINO or TensorFlow can run a network here."""

from __future__ import annotations

import importlib.util
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from shopsim.features.networks.converted import is_kept
from shopsim.features.networks.hub_cache import weights_digest
from shopsim.features.networks.precision import INT8, NAME
from shopsim.features.networks.wanted import Installed, Wanted

_INSTALL = "type: pip install -r requirements.txt"


def why_no_engine(wanted: Wanted | Installed | Path, found: Path, settings: Mapping[str, Any]) -> str | None:
    """Returns the sentence on what is not installed that the network needs; None if it can run.

    found: its SavedModel or file of weights. settings: of its extractor.
    """
    openvino, tensorflow = _is_there("openvino"), _is_there("tensorflow")
    if not openvino and not tensorflow:
        return f"Networks need OpenVINO or TensorFlow, and neither is installed; {_INSTALL}"
    if settings.get(NAME) == INT8 and not (openvino and _is_there("nncf")):
        return f"The precision {INT8} needs OpenVINO and NNCF; choose another precision, or {_INSTALL}"
    if isinstance(wanted, Installed) or tensorflow or is_kept(weights_digest(found)):
        return None
    return f"TensorFlow is not installed, which converts a SavedModel for OpenVINO once; {_INSTALL}"


def _is_there(package: str) -> bool:
    return importlib.util.find_spec(package) is not None
