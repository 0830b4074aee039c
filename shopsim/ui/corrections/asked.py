"""The questions of a visit: a block of them for the groups as they are, then the photos are grouped again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace

import streamlit as st

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.grouping.corrections.action import BINDING, Action
from shopsim.grouping.corrections.answers import answer, settled_pairs
from shopsim.grouping.corrections.store import read_actions, undo
from shopsim.grouping.grouping import Grouping
from shopsim.grouping.plain_threshold import plain_threshold
from shopsim.grouping.questions import Question, questions_of
from shopsim.ui.access.rights import changes
from shopsim.ui.corrections.acts import who
from shopsim.ui.corrections.refused import forget_told, keep_and_tell
from shopsim.ui.corrections.regrouped import Corrected
from shopsim.ui.waiting import result_of

BLOCK = 10
"""Questions that are asked before the photos are grouped again, which takes some seconds for many photos."""
_STATE = "questions"


@dataclass
class Asked:
    """A block of questions.

    cut: of the groups without corrections. said: the corrections as the block began. given: for each question so far
    the correction that its answer is, None if it was left out. keys: of the photos. ari, n_before: the score with
    corrections and their number as the block began. before: the block before it, so that its last answer can be undone.
    is_over: whether the person ended it early.
    """

    cut: tuple[str, float, bool]
    questions: list[Question]
    keys: tuple[str, ...]
    ari: float | None
    n_before: int
    said: frozenset[Action]
    before: Asked | None = None
    is_over: bool = False
    given: list[Action | None] = field(default_factory=list)

    @property
    def current(self) -> Question | None:
        """The question that is open; None if the block is done."""
        return self.questions[len(self.given)] if len(self.given) < len(self.questions) else None

    @property
    def can_go_back(self) -> bool:
        """Whether there is an answer to undo."""
        return bool(self.given) or self.before is not None

    def fits(self, said: frozenset[Action]) -> bool:
        """Returns whether these corrections are those of the beginning and the answers, and no others."""
        return said == self.said | {each for each in self.given if each is not None}

    @property
    def n_answered(self) -> int:
        """How many questions of the block were answered."""
        return sum(each is not None for each in self.given)


def open_block(measured: Grouping) -> Asked | None:
    """Returns the block of questions that this visit is in the middle of; None if there is none for these groups.

    Corrections that are made or undone elsewhere end it too, because they change the groups.
    """
    asked = st.session_state.get(_STATE)
    if asked is None or asked.cut != measured.cut or asked.current is None or asked.is_over:
        return None
    return asked if asked.fits(_said(read_actions(measured.fitted.catalog))) else None


def next_block(corrected: Corrected) -> Asked:
    """Returns the questions on the groups as they are with all corrections."""
    grouping, left_out = corrected.grouping, _left_out()
    rows = {key: row for row, key in enumerate(corrected.keys)}
    skipped = {(rows[one], rows[other]) for one, other in left_out if one in rows and other in rows}
    settled = sorted(settled_pairs(corrected.valid, corrected.keys) | skipped)
    key = digest_of("questions", *grouping.cut, settled)

    def work(report: Progress) -> list[Question]:
        fitted = grouping.fitted
        threshold = plain_threshold(fitted.tree, fitted.vectors, grouping.value)
        given = grouping.labels_pred, fitted.vectors, threshold, fitted.bindings, settled, BLOCK
        return apart(questions_of, *given, progress=report)

    questions = result_of(key, "Looking for questions", work)
    ari = None if grouping.evaluation is None else grouping.evaluation.ari
    cut, said = corrected.measured.cut, _said(corrected.actions)
    before = _block_before(cut, said)
    asked = Asked(cut, questions, corrected.keys, ari, corrected.n_binding, said, before)
    st.session_state[_STATE] = asked
    return asked


@changes
def give(measured: Grouping, is_same: bool | None) -> None:
    """Answers the open question, or with None leaves it out; call it from a callback."""
    asked = open_block(measured)
    if asked is None or (question := asked.current) is None:
        return
    if is_same is None:
        one, other = question.pair
        _left_out().add((asked.keys[one], asked.keys[other]))
        asked.given.append(None)
        return
    asked.given += keep_and_tell(measured.fitted.catalog, answer(question, is_same, asked.keys, who()))


@changes
def take_last_back(measured: Grouping) -> None:
    """Goes back to the last question, and undoes its answer; call it from a callback."""
    asked = st.session_state.get(_STATE)
    if asked is not None and not asked.given:
        asked = asked.before
    if asked is None:
        return
    forget_told()
    last = asked.given[-1]
    if last is not None:
        if last not in _said(read_actions(measured.fitted.catalog)):
            raise ShopsimError("This answer was taken back already, by somebody else or on the Groups page.")
        undo(measured.fitted.catalog, last.number)
    else:
        one, other = asked.questions[len(asked.given) - 1].pair
        _left_out().discard((asked.keys[one], asked.keys[other]))
    asked.given.pop()
    asked.is_over = False
    st.session_state[_STATE] = asked


def end_block() -> None:
    """Ends the block, so that the photos are grouped again with the answers; call it from a callback."""
    asked = st.session_state.get(_STATE)
    if asked is not None:
        asked.is_over = True


def _block_before(cut: tuple[str, float, bool], said: frozenset[Action]) -> Asked | None:
    """Returns the last block with an answer, if nothing else has changed since; without the one before it."""
    last = st.session_state.get(_STATE)
    if last is not None and not last.given:
        last = last.before
    return replace(last, before=None) if last is not None and last.cut == cut and last.fits(said) else None


def _said(actions: Iterable[Action]) -> frozenset[Action]:
    """Returns the corrections that change groups, without those that were undone."""
    return frozenset(each for each in actions if each.kind in BINDING and not each.undone)


def _left_out() -> set[tuple[str, str]]:
    return st.session_state.setdefault("questions-left-out", set())
