"""Which kept corrections stand against a new one."""

from __future__ import annotations

from collections.abc import Iterable

from shopsim.catalog.catalog import Catalog
from shopsim.catalog.photo_keys import photo_keys
from shopsim.clusterers.bindings import Contradiction
from shopsim.grouping.corrections.action import BINDING, Action
from shopsim.grouping.corrections.bound import bound_of
from shopsim.grouping.corrections.meaning import statements_of

# Each is left out once, which takes some milliseconds.
_MOST = 50


def against(catalog: Catalog, new: Action, kept: Iterable[Action], chain: Iterable[int]) -> list[Action]:
    """Returns the kept actions each of which contradicts the new one, the latest first.

    Without any one of them the new one could be kept. Only those that name a photo of the chain are looked at. Where
    several of them contradict it independently, taking one back is not enough; then all that were looked at are
    returned. chain: places of photos, as Contradiction has them; places beyond the catalogue are left out.
    """
    keys = photo_keys(catalog)
    linked = {keys[place] for place in chain if place < len(keys)}
    valid = [each for each in kept if not each.undone and each.kind in BINDING]
    seen = [each for each in valid[::-1] if not linked.isdisjoint(each.photos)][:_MOST]
    last = max((each.number for each in valid), default=0) + 1
    numbered = Action(new.kind, new.parts, number=last)
    alone = [each for each in seen if _agree(keys, [*(other for other in valid if other is not each), numbered])]
    return alone or seen


def _agree(keys: tuple[str, ...], actions: list[Action]) -> bool:
    try:
        bound_of(keys, statements_of(actions))
    except Contradiction:
        return False
    return True
