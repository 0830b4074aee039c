"""Says in one sentence what a person did."""

from __future__ import annotations

from shopsim.grouping.corrections.action import APPROVE, DIFFERENT, DIVIDE, MOVE, NAME, SAME, SPLIT, Action

_TOLD = {
    SAME: "Same model. Photos: {n_photos:,}",
    DIFFERENT: "Different models. Parts: {n_parts:,}, photos: {n_photos:,}",
    MOVE: "Moved to another group. Photos: {n_first:,}",
    SPLIT: "Split off from a group. Photos: {n_first:,} of {n_photos:,}",
    DIVIDE: "Divided a group. Parts: {n_parts:,}, photos: {n_photos:,}",
    NAME: "Named a group: {text}. Photos: {n_photos:,}",
    APPROVE: "Approved a group. Photos: {n_photos:,}",
}


def sentence(each: Action) -> str:
    """Returns a sentence on the action, without who and when."""
    sizes = [len(part) for part in each.parts]
    return _TOLD[each.kind].format(n_first=sizes[0], n_photos=sum(sizes), n_parts=len(sizes), text=each.text)
