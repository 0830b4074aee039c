"""Any other network that a person names: a TF2 feature vector of TensorFlow Hub, or a SavedModel folder."""

from __future__ import annotations

import re
from pathlib import Path

from shopsim.base.errors import ShopsimError
from shopsim.base.paths import check_inside, links_followed, roots
from shopsim.base.registry import Setting
from shopsim.features.extractors import extractors
from shopsim.features.networks.by_precision import network_extractor
from shopsim.features.networks.hub_cache import model_dir
from shopsim.features.networks.network import NetworkExtractor
from shopsim.features.networks.precision import SETTING
from shopsim.features.networks.saved_model_source import SavedModelSource
from shopsim.features.networks.wanted import Wanted, needs_weights
from shopsim.features.networks.weights import obtain

# Parts of a handle that name no network: https://tfhub.dev/google/imagenet/NAME/feature_vector/5
_NAMELESS = re.compile(r"feature[_-]vector|versions?|[0-9]+|", re.IGNORECASE)


@needs_weights("tfhub", named_by="handle")
def _wanted(handle: str = "", size: int = 224) -> Wanted | Path:
    """The handle means a folder if it exists, else a Hub handle, else a name in SHOPSIM_MODEL_DIR.

    A network is a program: where SHOPSIM_ROOTS is set, only folders in it and in SHOPSIM_MODEL_DIR may be named.
    """
    handle = handle.strip()
    if handle.startswith(("http://", "https://")):
        parts = [part for part in handle.split("?")[0].split("/")[3:] if not _NAMELESS.fullmatch(part)]
        return Wanted(parts[-1] if parts else "network", (handle,))
    if re.fullmatch(r"[\w.-]*\w[\w.-]*", handle) and not Path(handle).exists():
        return Wanted(handle, ())
    if not handle or not Path(handle).is_dir():
        raise ShopsimError(
            f"The handle is '{handle}'; it must be a TensorFlow Hub address (https://...), the folder of a SavedModel, "
            "or the name of one in SHOPSIM_MODEL_DIR."
        )
    if roots():
        models = model_dir()
        check_inside(Path(handle), (*roots(), *([links_followed(models)] if models is not None else [])))
    return Path(handle)


@extractors.register(
    "tfhub",
    title="Another network",
    source="any TF2 image feature vector of TensorFlow Hub, or a SavedModel folder",
    summary="Takes RGB photos in 0..1 and gives one row per photo.",
    settings=(
        Setting("handle", "Handle or folder", "", help="https://tfhub.dev/... of a TF2 feature vector, or a folder"),
        Setting("size", "Photo size", 224, low=32, high=1024, step=1, help="Pixels of a side, as the network wants"),
        SETTING,
    ),
)
def tfhub(handle: str, size: int, precision: str) -> NetworkExtractor:
    """The network at the handle. Raises NotTrusted if nobody has trusted it."""
    return network_extractor(SavedModelSource(obtain("tfhub", handle=handle, size=size), size), precision)
