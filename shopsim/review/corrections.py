"""What people decided about suspected label errors; kept in the workspace, one file per catalogue."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from shopsim.base.disk.checked_json import parsed
from shopsim.base.disk.files import write_bytes
from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.paths import home_dir, links_followed
from shopsim.base.same_name import composed
from shopsim.catalog.catalog import Catalog, CatalogImage

ACCEPTED, REJECTED = "accepted", "not wrong"
# Two visitors of one server may decide at once.
_lock = threading.Lock()


@dataclass(frozen=True)
class Decision:
    """One decision about one photo under one model.

    digest: of the photo's bytes; given: the model it was filed under; verdict: ACCEPTED or REJECTED.
    suggested: the model it is accepted to show; None if the label stays.
    """

    digest: str
    given: str
    verdict: str
    suggested: str | None = None


# By the photo's digest and its given model, so that a decision never applies to anything else.
Decisions = Mapping[tuple[str, str], Decision]


def read_decisions(catalog: Catalog) -> Decisions:
    """The decisions about a catalogue's photos; those about photos or labels that have changed are among them.

    Raises ShopsimError if the file is there and cannot be read: nobody's decisions are overwritten for a fault in it.
    """
    path = _path(catalog)
    try:
        entries = parsed(path.read_bytes())["decisions"]
        decisions = [Decision(**entry) for entry in entries]
    except (FileNotFoundError, NotADirectoryError):
        return {}
    except OSError as error:
        raise ShopsimError(f"Cannot read the decisions in '{path}': {error.strerror or error}.") from error
    except (ValueError, KeyError, TypeError) as error:
        raise ShopsimError(f"'{path}' holds no decisions that can be read; mend it, or move it away.") from error
    if not all(_is_sound(decision) for decision in decisions):
        raise ShopsimError(f"'{path}' holds a decision that is none; mend it, or move it away.")
    return {(decision.digest, decision.given): decision for decision in map(_composed, decisions)}


def decide(catalog: Catalog, decision: Decision) -> None:
    """Keep a decision, in place of an earlier one about the same photo and label."""
    _change(catalog, lambda decisions: decisions | {(decision.digest, decision.given): decision})


def take_back(catalog: Catalog, digest: str, given: str) -> None:
    """Forget what was decided about a photo under a model."""
    _change(catalog, lambda decisions: {key: kept for key, kept in decisions.items() if key != (digest, given)})


def decision_on(image: CatalogImage, decisions: Decisions) -> Decision | None:
    """What was decided about a photo as it is filed now."""
    return None if image.model is None else decisions.get((image.digest, image.model))


def corrected(catalog: Catalog, decisions: Decisions) -> tuple[Catalog, int]:
    """The catalogue with every accepted correction made, and how many photos that changed."""
    images, n_changed = [], 0
    for image in catalog.images:
        decision = decision_on(image, decisions)
        if decision is not None and decision.verdict == ACCEPTED:
            image = replace(image, model=decision.suggested)
            n_changed += 1
        images.append(image)
    return (replace(catalog, images=tuple(images)) if n_changed else catalog), n_changed


def _change(catalog: Catalog, change: Callable[[dict], dict]) -> None:
    with _lock:
        after = change(dict(read_decisions(catalog)))
        content = {
            "catalog": catalog.name,
            "folder": str(catalog.folder),
            "decisions": [asdict(after[key]) for key in sorted(after)],
        }
        text = json.dumps(content, ensure_ascii=False, indent=1)
        write_bytes(_path(catalog), text.encode("utf-8", "backslashreplace"), durable=True)


def _path(catalog: Catalog) -> Path:
    """Named by where the catalogue lies: two of one name don't share their decisions."""
    return home_dir() / "corrections" / f"{digest_of(links_followed(catalog.folder))}.json"


def _composed(decision: Decision) -> Decision:
    """In the Unicode form of a catalogue's models: the file may come from a Mac or from an earlier version."""
    suggested = None if decision.suggested is None else composed(decision.suggested)
    return replace(decision, given=composed(decision.given), suggested=suggested)


def _is_sound(decision: Decision) -> bool:
    """Someone may have edited the file."""
    texts = [decision.digest, decision.given, *([decision.suggested] if decision.verdict == ACCEPTED else [])]
    return decision.verdict in (ACCEPTED, REJECTED) and all(isinstance(text, str) for text in texts)
