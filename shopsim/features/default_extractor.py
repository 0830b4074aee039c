"""Chooses the extractor of pages and command line where nobody names one."""

from __future__ import annotations

import os

from shopsim.base.errors import ShopsimError
from shopsim.features.extractors import extractors
from shopsim.features.networks.weights import why_unavailable

VARIABLE = "SHOPSIM_EXTRACTOR"
QUICK = "color_shape"
"""Needs no network: the fallback, and the quick look while a network is still at work."""
DEEP = "efficientnet_lite0"
TOLD = f"{DEEP}, or {QUICK} where that network cannot start; {VARIABLE} names another"
"""The default in words, for help texts."""


def default_extractor() -> str:
    """Returns the extractor that SHOPSIM_EXTRACTOR names, else the deep network, else `color_shape`.

    `color_shape` is taken where the deep network cannot start. Imports no network.
    Raises ShopsimError if the variable names no extractor, or one that needs a setting.
    """
    named = _named()
    if not named:
        return QUICK if why_unavailable(DEEP) else DEEP
    known = [name for name in sorted(extractors.names()) if extractors.entry(name).starts_by_itself]
    if named not in known:
        reason = "needs a setting" if named in extractors.names() else "is no extractor"
        raise ShopsimError(f"{VARIABLE} is '{named}', which {reason}. Known: {', '.join(known)}.")
    return named


def is_named() -> bool:
    """Whether SHOPSIM_EXTRACTOR names the extractor; pages then open with its default setting, without a check."""
    return bool(_named())


def _named() -> str:
    return os.environ.get(VARIABLE, "").strip()
