"""What the report says of corrections: how many, by whom, and the scores without and with them side by side."""

from __future__ import annotations

from shopsim.grouping.report.contents import Contents
from shopsim.grouping.report.texts import Texts
from shopsim.grouping.runs.record import RunScores

_SCORES = (("ari", "ari", ".3f"), ("pair_precision", "precision", ".1%"), ("pair_recall", "recall", ".1%"))
_SCORES += (("n_groups", "groups", ",.0f"),)


def corrections_told(contents: Contents, texts: Texts) -> list[str]:
    """Returns what the corrections mean for the groups and for their scores."""
    found = contents.given.corrections
    if found is None:
        return [texts.say("corrections.none")]
    told = [texts.counted("corrections.used", found.used.n)]
    return [*told, texts.say("corrections.no_measure")] if found.without.ari is not None else told


def corrections_table(contents: Contents, texts: Texts) -> list[tuple[str, str]]:
    """Returns how many corrections there are of each kind, by whom, and the time of the latest one."""
    found = contents.given.corrections
    if found is None:
        return []
    used = found.used
    rows = [(texts.say(f"corrections.kind.{kind}"), f"{n:,}") for kind, n in used.kinds.items()]
    people = [
        texts.say("corrections.person", who=who or texts.say("corrections.nobody"), n=n)
        for who, n in sorted(used.people.items(), key=lambda person: -person[1])
    ]
    rows.append((texts.say("corrections.by"), ", ".join(people)))
    return [*rows, (texts.say("corrections.latest"), used.latest[:16])] if used.latest else rows


def scores_side_by_side(contents: Contents, texts: Texts) -> list[tuple[str, str, str]]:
    """Returns each score without and with the corrections; nothing where there are none."""
    found = contents.given.corrections
    if found is None:
        return []
    shown = [row for row in _SCORES if getattr(found.without, row[0]) is not None]
    return [
        (texts.say(f"figure.{name}"), _told(found.without, field, form), _told(contents.given.scores, field, form))
        for field, name, form in shown
    ]


def _told(scores: RunScores, field: str, form: str) -> str:
    return format(getattr(scores, field), form)
