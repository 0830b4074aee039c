"""One action of a person on groups of photos."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from shopsim.base.errors import ShopsimError

SAME, DIFFERENT, MOVE, SPLIT, DIVIDE, NAME, APPROVE = "same", "different", "move", "split", "divide", "name", "approve"
LONGEST_TEXT = 200
"""Letters of a group's name, or of the name of the person who corrects."""
# Fewest and most parts of each kind of action.
_PARTS = {
    SAME: (1, None),
    DIFFERENT: (2, None),
    MOVE: (2, 3),
    SPLIT: (2, 2),
    DIVIDE: (2, None),
    NAME: (1, 1),
    APPROVE: (1, 1),
}
KINDS = tuple(_PARTS)
BINDING = (SAME, DIFFERENT, MOVE, SPLIT, DIVIDE)
"""The kinds of action that a clustering must respect."""

Parts = tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Action:
    """One thing that a person did, as the package says.

    parts: keys of photos. text: the name that a group gets. who: as the person is called. at: the time in UTC, as
    ISO 8601 writes it. number: rises with each kept action, 0 before it is kept. undone: 0, or its place in the order
    in which actions were undone.
    Raises ShopsimError for an unknown kind, another number of parts, an empty part, a photo that stands in two parts,
    a text that is missing or too long.
    """

    kind: str
    parts: Parts
    text: str = ""
    who: str = ""
    at: str = ""
    number: int = 0
    undone: int = 0

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ShopsimError(f"'{self.kind}' is no kind of correction. Known: {', '.join(KINDS)}.")
        fewest, most = _PARTS[self.kind]
        if len(self.parts) < fewest or (most is not None and len(self.parts) > most):
            needed = str(fewest) if fewest == most else f"{fewest} or more" if most is None else f"{fewest} to {most}"
            raise ShopsimError(f"'{self.kind}' has {len(self.parts)} parts; it needs {needed}.")
        if not all(self.parts):
            raise ShopsimError(f"'{self.kind}' has a part without photos; each part needs at least one photo.")
        if len(set(self.photos)) < len(self.photos):
            raise ShopsimError(
                f"'{self.kind}' names a photo, or a byte-equal copy of it, twice; each photo belongs to one part."
            )
        if self.kind == SAME and len(self.photos) < 2:
            raise ShopsimError("'same' names one photo; it needs at least two.")
        if (self.kind == NAME) != bool(self.text.strip()) or max(len(self.text), len(self.who)) > LONGEST_TEXT:
            raise ShopsimError(
                f"'{self.kind}' has the text '{self.text[:LONGEST_TEXT]}'; only a name has a text, of at most "
                f"{LONGEST_TEXT} letters."
            )

    @property
    def photos(self) -> tuple[str, ...]:
        """The keys of all its photos."""
        return tuple(key for part in self.parts for key in part)

    @property
    def is_firm(self) -> bool:
        """Whether it speaks of single photos, so that no later action takes one of them out."""
        return self.kind in (SAME, DIFFERENT) and all(len(part) == 1 for part in self.parts)

    @property
    def taken(self) -> tuple[str, ...]:
        """The keys of the photos that it takes out of groups that earlier actions speak of."""
        if self.kind in (MOVE, SPLIT):
            return self.parts[0]
        return tuple(key for part in self.parts[1:] for key in part) if self.kind == DIVIDE else ()


def action(kind: str, parts: Sequence[Sequence[str]], who: str = "", text: str = "") -> Action:
    """Returns an action of this moment. A photo, or a byte-equal copy of it, belongs to the first part that names it.

    Raises ShopsimError as `Action` does, and if all photos of a part are copies of photos of earlier parts.
    """
    seen: set[str] = set()
    kept = []
    for part in parts:
        kept.append(tuple(dict.fromkeys(key for key in part if key not in seen)))
        seen.update(part)
        if part and not kept[-1]:
            raise ShopsimError("These photos are byte-equal copies of each other, so they show one model.")
    now = datetime.now(UTC).isoformat(" ", "seconds")
    return Action(kind, tuple(kept), text.strip(), who.strip()[:LONGEST_TEXT], now)
