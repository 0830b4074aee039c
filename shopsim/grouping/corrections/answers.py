"""What the answer to a question says, as a correction."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from shopsim.grouping.corrections.action import DIFFERENT, DIVIDE, SAME, Action, action
from shopsim.grouping.questions import JOIN, Question


def answer(question: Question, is_same: bool, keys: Sequence[str], who: str = "") -> Action:
    """Returns the correction that an answer is. keys: of all photos.

    An answer that changes nothing now is kept for the two photos that were shown, which is all that the person has
    seen. One that joins or parts groups holds for all their photos, until a later correction takes photos out.
    """
    whole = [[keys[row] for row in side] for side in (question.one, question.other)]
    shown = [[keys[row]] for row in question.pair]
    if question.kind == JOIN:
        return action(SAME, whole, who) if is_same else action(DIFFERENT, whole, who)
    return action(SAME, shown, who) if is_same else action(DIVIDE, whole, who)


def settled_pairs(actions: Iterable[Action], keys: Sequence[str]) -> set[tuple[int, int]]:
    """Returns pairs of rows that need no question: photos that a person has compared, and byte-equal copies.

    Of parts with several photos the first ones were compared.
    """
    rows: dict[str, int] = {}
    pairs = [(rows.setdefault(key, row), row) for row, key in enumerate(keys)]
    found = {(first, row) for first, row in pairs if first != row}
    for each in actions:
        if each.kind in (SAME, DIFFERENT, DIVIDE) and not each.undone and len(each.parts) == 2:
            one, other = (rows.get(part[0]) for part in each.parts)
            if one is not None and other is not None:
                found.add((one, other))
    return found
