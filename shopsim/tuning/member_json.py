"""A member of Auto's consensus as plain values for JSON, and the way back from a file that somebody may have edited."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from typing import Annotated, Any, Literal

import msgspec
from msgspec import Meta

from shopsim.base.disk.records import Number, record
from shopsim.base.errors import ShopsimError
from shopsim.clusterers import clusterers
from shopsim.grouping.recipe import Recipe
from shopsim.spaces import spaces
from shopsim.tuning.branch_cuts import AVERAGE_LINKAGES, CutRule
from shopsim.tuning.candidate import CUT_AT_A_VALUE, Candidate
from shopsim.tuning.control_values import Portable
from shopsim.tuning.members import Member
from shopsim.tuning.rule_grid import Rule

# Far beyond what tuning gives, and far below what overflows.
_Similarity = Annotated[float, Meta(ge=-10.0, le=10.0)]
_Factor = Annotated[float, Meta(ge=0.0, le=1000.0)]


class MemberRecord(msgspec.Struct):
    """A member as its file has it.

    added_space is there only if the added extractors have a space of their own. unnormalised is left out where false.
    """

    space: str
    space_settings: dict[str, Any]
    clusterer: str
    clusterer_settings: dict[str, Any]
    added: dict[str, Number]
    rule: dict[str, Any]
    score: Annotated[float, Meta(ge=-1.0, le=1.0)]
    weight: Annotated[float, Meta(ge=1e-9, le=1.0)]
    slope: Annotated[float, Meta(ge=1.0, le=1e7)]
    added_space: str | None = None
    added_space_settings: Any = None
    unnormalised: bool = False


class _CutRule(msgspec.Struct):
    threshold: _Similarity
    size_power: Annotated[float, Meta(ge=0.0, le=1.0)]
    prior_weight: _Factor


class _AtSimilarity(msgspec.Struct):
    kind: Literal["similarity"]
    value: _Similarity


class _AtResolution(msgspec.Struct):
    kind: Literal["resolution"]
    value: _Factor


class _AtCount(msgspec.Struct):
    kind: Literal["count"]
    value: Annotated[float, Meta(ge=0.01, le=1e9)]


_VALUES = {"similarity": _AtSimilarity, "resolution": _AtResolution, "count": _AtCount}


def member_to_dict(member: Member) -> dict[str, Any]:
    """The member as plain values, with the fields of `MemberRecord`."""
    recipe, added_in = member.candidate.recipe, member.candidate.added_in
    own = {} if added_in is None else {"space": added_in.space, "space_settings": dict(added_in.space_settings)}
    return {
        "space": recipe.space,
        "space_settings": dict(recipe.space_settings),
        "clusterer": recipe.clusterer,
        "clusterer_settings": dict(recipe.clusterer_settings),
        "added": dict(member.candidate.added),
        **{f"added_{name}": value for name, value in own.items()},
        **({"unnormalised": True} if member.candidate.unnormalised else {}),
        "rule": asdict(member.rule),
        "score": member.score,
        "weight": member.weight,
        "slope": member.slope,
    }


def member_of(read: MemberRecord, extractors: Sequence[str], at: str) -> Member:
    """The member again. extractors: names of the extractors of the settings, the main one first; at: the path in the
    file.

    Raises ShopsimError if this program has no such space, clusterer or rule.
    """
    added_in = None
    if read.added_space is not None:
        settings = record(read.added_space_settings, dict[str, Any], f"{at}.added_space_settings")
        added_in = _recipe(read, read.added_space, settings, at)
    recipe = _recipe(read, read.space, read.space_settings, at)
    candidate = Candidate(recipe, tuple(read.added.items()), added_in, read.unnormalised)
    if read.unnormalised and (read.space != "raw" or read.added or added_in):
        raise ShopsimError(f"'{at}.unnormalised' is true; its space must be 'raw', and no extractor may be added.")
    for name in candidate.shares(extractors[0]):
        if name not in extractors:
            raise ShopsimError(f"'{at}.added' has '{name}'; it must be one of the extractors {', '.join(extractors)}.")
    return Member(candidate, _rule(read.rule, candidate, f"{at}.rule"), read.score, read.weight, read.slope)


def _recipe(read: MemberRecord, space: str, space_settings: dict[str, Any], at: str) -> Recipe:
    recipe = Recipe(space, space_settings, read.clusterer, read.clusterer_settings)
    # Built now, so that an unknown name or setting is refused by its name.
    spaces.create(recipe.space, **recipe.space_settings)
    clusterers.create(recipe.clusterer, **recipe.clusterer_settings)
    known = (*AVERAGE_LINKAGES, *CUT_AT_A_VALUE)
    if recipe.clusterer not in known:
        raise ShopsimError(f"'{at}.clusterer' is '{recipe.clusterer}'; it must be one of {', '.join(known)}.")
    return recipe


def _rule(values: dict[str, Any], candidate: Candidate, at: str) -> Rule:
    if candidate.is_cut_by_rules:
        return CutRule(**msgspec.structs.asdict(record(values, _CutRule, at)))
    read = record(values, _VALUES[CUT_AT_A_VALUE[candidate.recipe.clusterer]], at)
    return Portable(read.kind, read.value)
