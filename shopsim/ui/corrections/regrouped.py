"""The groups of a page with the corrections that people made, beside the groups without them."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from shopsim.base.disk.store import digest_of
from shopsim.base.errors import ShopsimError
from shopsim.base.work.progress import Progress
from shopsim.base.work.workers import apart
from shopsim.catalog.photo_keys import photo_keys
from shopsim.clusterers.bindings import check_takes_bindings
from shopsim.grouping.corrections.action import APPROVE, BINDING, NAME, Action
from shopsim.grouping.corrections.bound import Bound
from shopsim.grouping.corrections.fit_bound import bound_for, fit_bound
from shopsim.grouping.corrections.marks import Mark, marks_of
from shopsim.grouping.corrections.store import read_actions, read_all_actions
from shopsim.grouping.corrections.used import Applied, statements_in, used_of
from shopsim.grouping.grouping import Fitted, Grouping
from shopsim.grouping.runs.record import About
from shopsim.ui.corrections.of_run import LEFT_OUT, is_run, run_and_bound
from shopsim.ui.page import Opened
from shopsim.ui.server import store
from shopsim.ui.tuned_settings import as_tuned
from shopsim.ui.waiting import result_of


@dataclass(frozen=True)
class Corrected:
    """The groups of a page: `measured` without corrections, `grouping` with them.

    Both are the same object where nothing is corrected, or where `why_not` says why the corrections cannot be used.
    actions: those that belong to the catalogue, undone ones too. run: the run whose corrections `bound` holds, None for
    those that count now. note: why it is not the run that the address names.
    """

    measured: Grouping
    grouping: Grouping
    actions: tuple[Action, ...]
    bound: Bound
    why_not: str = ""
    run: About | None = None
    note: str = ""

    @property
    def is_used(self) -> bool:
        """Whether the groups respect any corrections."""
        return self.grouping is not self.measured

    @property
    def valid(self) -> tuple[Action, ...]:
        """The actions that were not undone."""
        return tuple(each for each in self.actions if not each.undone)

    @property
    def n_binding(self) -> int:
        """How many corrections a clustering must respect."""
        return sum(each.kind in BINDING for each in self.valid)

    @cached_property
    def applied(self) -> Applied | None:
        """The corrections that the groups respect; None without any."""
        if not self.is_used:
            return None
        statements = statements_in(self.bound, self.keys)
        used = None if self.run is None else self.run.corrections
        return Applied(used or used_of(self.actions, statements), statements, self.measured)

    @property
    def n_used(self) -> int:
        """How many corrections the groups respect."""
        return 0 if self.applied is None else self.applied.used.n

    @cached_property
    def keys(self) -> tuple[str, ...]:
        """The key of each grouped photo."""
        return photo_keys(self.grouping.fitted.catalog)

    @cached_property
    def names(self) -> dict[int, Mark]:
        """The names of groups."""
        return marks_of(self.actions, NAME, self.keys, self.grouping.labels_pred)

    @cached_property
    def approvals(self) -> dict[int, Mark]:
        """The approvals of groups."""
        return marks_of(self.actions, APPROVE, self.keys, self.grouping.labels_pred)

    def title(self, group: int) -> str:
        """Returns 'Group 12', or the name that a person gave the group, with its number."""
        return f"Group {group}: {self.names[group].action.text}" if group in self.names else f"Group {group}"


def corrected(opened: Opened, measured: Grouping, which: str = "") -> Corrected:
    """Returns the groups with corrections at the same threshold.

    which: '' for the corrections that count now, LEFT_OUT for none, or the id of a run for those that it keeps.
    """
    actions, fitted = read_actions(opened.fitted.catalog), measured.fitted
    run, note = None, ""
    nothing = bound_for(fitted, ())
    if is_run(which):
        try:
            run, bound = run_and_bound(which, fitted)
        except ShopsimError as error:
            note = str(error)
    try:
        if run is None:
            bound = bound_for(fitted, read_all_actions()) if actions else nothing
        if bound and opened.tuned is None:
            check_takes_bindings(opened.choice.clusterer)
    except ShopsimError as error:
        return Corrected(measured, measured, actions, nothing, str(error), note=note)
    if not bound or which == LEFT_OUT:
        return Corrected(measured, measured, actions, bound, note=note)
    grouping = _cut(_fitted_with(opened, bound), measured)
    return Corrected(measured, grouping, actions, bound, run=run, note=note)


def _fitted_with(opened: Opened, bound: Bound) -> Fitted:
    if opened.tuned is not None:
        return as_tuned(opened.catalog, opened.choice, opened.tuned, bound)[1]
    fitted, recipe, here = opened.fitted, opened.choice.recipe, store()
    key = digest_of("fitted with corrections", fitted.key, fitted.catalog.shown_digest, recipe.digest, bound.digest)

    def work(report: Progress) -> Fitted:
        return fit_bound(fitted, recipe, bound, here, report, apart)

    return result_of(key, f"Grouping {len(fitted.vectors):,} photos with corrections", work)


def _cut(fitted: Fitted, measured: Grouping) -> Grouping:
    """Returns the groups at the same value; a cut that may take long is a job."""
    value, chosen_on, strict = measured.value, measured.tuned_on, measured.strict
    if fitted.control.instant and not strict:
        return fitted.group(value, chosen_on)
    key = digest_of("cut with corrections", fitted.key, fitted.catalog.shown_digest, value, chosen_on, strict)
    return result_of(
        key, "Making groups with corrections", lambda report: fitted.group(value, chosen_on, strict, report, apart)
    )
