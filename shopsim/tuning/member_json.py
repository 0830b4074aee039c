"""A member of Auto's consensus as plain values for JSON, and read back from what somebody may have edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from shopsim.base.disk.checked_json import number, plain_object, text
from shopsim.base.errors import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES, CutRule
from shopsim.tuning.candidates import CUT_AT_A_VALUE, Candidate
from shopsim.tuning.control_values import Portable
from shopsim.tuning.members import Member
from shopsim.tuning.rule_grid import Rule

# Far beyond what tuning gives, and far below what overflows.
_RULE = {"threshold": (-10.0, 10.0), "size_power": (0.0, 1.0), "prior_weight": (0.0, 1000.0)}
_VALUE = {"similarity": (-10.0, 10.0), "resolution": (0.0, 1000.0)}
_MOST_SLOPE = 1e7
_ADDED = "added_"


def member_to_dict(member: Member) -> dict[str, Any]:
    """As plain values; a space of the extractors added is told only where it is another than the main one's."""
    recipe, added_in = member.candidate.recipe, member.candidate.added_in
    own = {} if added_in is None else {"space": added_in.space, "space_settings": dict(added_in.space_settings)}
    return {
        "space": recipe.space,
        "space_settings": dict(recipe.space_settings),
        "clusterer": recipe.clusterer,
        "clusterer_settings": dict(recipe.clusterer_settings),
        "added": dict(member.candidate.added),
        **{f"{_ADDED}{name}": value for name, value in own.items()},
        "rule": asdict(member.rule),
        "score": member.score,
        "weight": member.weight,
        "slope": member.slope,
    }


def member_from_dict(values: Any, extractors: Sequence[str]) -> Member:
    """The member again. extractors: names of those there are, the main one first. Raises ShopsimError if it is none."""
    added = plain_object(values, "added")
    shares = tuple((name, number(added, name)) for name in added)
    added_in = _recipe(values, _ADDED) if values.get(f"{_ADDED}space") is not None else None
    candidate = Candidate(_recipe(values), shares, added_in)
    for name in candidate.shares(extractors[0]):
        if name not in extractors:
            raise ShopsimError(f"'added' has '{name}'; it must be one of the extractors {', '.join(extractors)}.")
    return Member(
        candidate,
        _rule(plain_object(values, "rule"), candidate),
        score=number(values, "score", -1.0, 1.0),
        weight=number(values, "weight", 1e-9, 1.0),
        slope=number(values, "slope", 1.0, _MOST_SLOPE),
    )


def _recipe(values: Any, start: str = "") -> Recipe:
    """start: what the names of the space's fields begin with."""
    space, clusterer = text(values, f"{start}space"), text(values, "clusterer")
    space_settings = plain_object(values, f"{start}space_settings")
    recipe = Recipe(space, space_settings, clusterer, plain_object(values, "clusterer_settings"))
    # Asked for now, so that an unknown name or setting is told by name.
    spaces.create(recipe.space, **recipe.space_settings)
    clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    known = (*AVERAGE_LINKAGES, *CUT_AT_A_VALUE)
    if recipe.clusterer not in known:
        raise ShopsimError(f"'clusterer' is '{recipe.clusterer}'; it must be one of {', '.join(known)}.")
    return recipe


def _rule(values: Any, candidate: Candidate) -> Rule:
    if candidate.is_cut_by_rules:
        return CutRule(**{name: number(values, name, *bounds) for name, bounds in _RULE.items()})
    kind, right = text(values, "kind"), CUT_AT_A_VALUE[candidate.recipe.clusterer]
    if kind != right:
        raise ShopsimError(f"'kind' is '{kind[:50]}'; of '{candidate.recipe.clusterer}' it must be '{right}'.")
    return Portable(kind, number(values, "value", *_VALUE[kind]))
