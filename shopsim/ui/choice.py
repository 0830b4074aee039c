"""The choice of a visitor, as plain values that fit into an address."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from shopsim.base.errors import ShopsimError
from shopsim.base.registry import Registry, Value
from shopsim.base.same_name import composed
from shopsim.base.text.text_encodings import ENCODINGS
from shopsim.catalog.forms.folder_forms import FORMS
from shopsim.catalog.labels.contradictions import WAYS
from shopsim.clusterers import clusterers
from shopsim.features.default_extractor import QUICK
from shopsim.features.extractors import extractors
from shopsim.grouping.addable import addable_to, usual_share
from shopsim.grouping.fit import OWN_VECTORS
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.spaces.fusion import MOST_ADDED

DEMO = "demo"
DEMO_NAME = "Demo catalogue"
MOST_EXPECTED = 1e6
_MAX_TEXT = 4096


@dataclass(frozen=True)
class Choice:
    """One state of the sidebar.

    automatic: nobody has chosen how to group, so that `opening.py` chooses extractor, space and clusterer for each
    catalogue. The fields hold what it has chosen last, and the address leaves them out.
    folder: a path, or `demo`; encoding: of its tables and labels, None to detect it; value: of the clusterer's control,
    None for the opening value.
    category: None for all; copies: whether byte-equal copies take part; contradicted: one of WAYS, which says what
    models count for byte-equal photos under different models, '' for the default.
    strict: whether groups are split until any two photos of one are as similar as the threshold.
    added: name of a second extractor at its default settings, '' for none; share: its share of the similarity.
    tuned: name of the tuned settings that replace extractor, space and clusterer, '' by hand.
    never_join: column of the catalogue in which photos must not differ to be joined, '' for none.
    expect: photos per model that tuned settings expect, None for as many as where they were tuned.
    """

    folder: str = DEMO
    form: str | None = None
    labels: str | None = None
    encoding: str | None = None
    # What an address means that names a part of the settings only: links of earlier versions leave out what they
    # had as defaults.
    extractor: str = QUICK
    extractor_settings: Mapping[str, Value] = field(default_factory=dict)
    added: str = ""
    share: float = 0.5
    space: str = "whitened"
    space_settings: Mapping[str, Value] = field(default_factory=dict)
    clusterer: str = "average"
    clusterer_settings: Mapping[str, Value] = field(default_factory=dict)
    category: str | None = None
    copies: bool = True
    contradicted: str = ""
    value: float | None = None
    strict: bool = False
    tuned: str = ""
    never_join: str = ""
    expect: float | None = None
    automatic: bool = False

    @property
    def recipe(self) -> Recipe:
        """The part of the choice that turns features into a tree."""
        return Recipe(self.space, self.space_settings, self.clusterer, self.clusterer_settings)

    def with_value(self, value: float | None) -> Choice:
        """Returns the same choice with another threshold; a threshold is never automatic."""
        return replace(self, value=value, automatic=self.automatic and value is None)

    def by_hand(self) -> Choice:
        """Returns the same choice as one that somebody has made, so that its address names all of it."""
        return replace(self, automatic=False)

    def as_automatic(self) -> Choice:
        """Returns the choice of the same photos, with the grouping left to `opening.py`."""
        return replace(self, automatic=True, added="", value=None, strict=False, tuned="", never_join="", expect=None)


# Address parameter -> field, for the plain texts.
_TEXTS = {
    name: name for name in ("folder", "form", "labels", "encoding", "category", "contradicted", "tuned", "never_join")
}
_REGISTRIES: dict[str, Registry] = {"extractor": extractors, "space": spaces, "clusterer": clusterers}
# An address that names one of these, or a setting of a registered name, is not automatic.
_BY_HAND = {*_REGISTRIES, "add", "share", "tuned", "never_join", "expect", "strict", "at"}


def to_address(choice: Choice) -> dict[str, str]:
    """Returns the parameters that reproduce the choice.

    An automatic choice names no extractor, space and clusterer. Any other one names all three, since the link may be
    opened where other ones are the default. Other defaults are left out.
    """
    default = Choice()
    address: dict[str, str] = {}
    for name in _TEXTS.values():
        value = getattr(choice, name)
        if value is not None and value != getattr(default, name):
            address[name] = value
    if not choice.copies:
        address["copies"] = "0"
    return address if choice.automatic else address | _how_to_group(choice)


def _how_to_group(choice: Choice) -> dict[str, str]:
    address: dict[str, str] = {kind: getattr(choice, kind) for kind in _REGISTRIES}
    for kind in _REGISTRIES:
        for name, value in getattr(choice, f"{kind}_settings").items():
            address[f"{kind}.{name}"] = str(value)
    if choice.strict:
        address["strict"] = "1"
    if choice.added:
        address |= {"add": choice.added, "share": repr(choice.share)}
    if choice.expect is not None:
        address["expect"] = repr(choice.expect)
    if choice.value is not None:
        # In full: a rounded threshold may cut on the other side of a merge.
        address["at"] = repr(choice.value)
    return address


def from_address(address: Mapping[str, str]) -> Choice:
    """Reads a choice from an address; unknown, malformed or out-of-range values become the default."""
    default = Choice()
    texts = {
        name: address[parameter]
        for parameter, name in _TEXTS.items()
        if 0 < len(address.get(parameter, "")) <= _MAX_TEXT and "\0" not in address[parameter]
    }
    if texts.get("form") not in (*FORMS, "vectors"):
        texts.pop("form", None)
    if texts.get("encoding") not in ENCODINGS:
        texts.pop("encoding", None)
    if texts.get("contradicted") not in WAYS:
        texts.pop("contradicted", None)
    if "category" in texts:
        texts["category"] = composed(texts["category"])
    names: dict[str, Any] = {}
    for kind, registry in _REGISTRIES.items():
        name = address.get(kind, getattr(default, kind))
        if name not in registry.names() and not (kind == "extractor" and name == OWN_VECTORS):
            name = getattr(default, kind)
        names[kind] = name
        names[f"{kind}_settings"] = {} if name == OWN_VECTORS else _settings(registry, kind, name, address)
    flags = {"copies": address.get("copies") != "0", "strict": address.get("strict") == "1"}
    flags["automatic"] = not any(name.partition(".")[0] in _BY_HAND for name in address)
    expect = _number(address.get("expect"))
    if expect is not None and not 1 <= expect <= MOST_EXPECTED:
        expect = None
    second = _second(address, names["extractor"])
    return replace(default, **texts, **names, **flags, **second, value=_number(address.get("at")), expect=expect)


def _second(address: Mapping[str, str], extractor: str) -> dict[str, Any]:
    """Returns the second extractor and its share, or nothing if the address names none that can be added."""
    name, share = address.get("add", ""), _number(address.get("share"))
    if name not in addable_to(extractor):
        return {}
    return {"added": name, "share": share if share and 0 < share <= MOST_ADDED else usual_share(name)}


def _settings(registry: Registry, kind: str, name: str, address: Mapping[str, str]) -> dict[str, Value]:
    settings = {}
    for setting in registry.entry(name).settings:
        text = address.get(f"{kind}.{setting.name}")
        if text is None or len(text) > _MAX_TEXT:
            continue
        try:
            value = setting.parse(text)
        except ShopsimError:
            continue
        if value != setting.default and not (isinstance(value, float) and not math.isfinite(value)):
            settings[setting.name] = value
    return settings


def _number(text: str | None) -> float | None:
    try:
        value = float(text or "")
    except ValueError:
        return None
    return value if math.isfinite(value) else None
