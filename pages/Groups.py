"""Groups: every group as a card; one that is opened shows all its photos."""

from shopsim.ui.address import detail
from shopsim.ui.columns.never_join import show_stopped
from shopsim.ui.corrections.panel import show_corrections
from shopsim.ui.corrections.regrouped import corrected
from shopsim.ui.groups.groups import show_groups
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.estimates import show_expected_line
from shopsim.ui.tune.scores import show_sentence


@fragment
def groups() -> None:
    measured = choose_threshold(opened.fitted)
    shown = corrected(opened, measured, detail("corrections"))
    show_sentence(shown.grouping)
    if not shown.is_used:
        show_expected_line(measured)
    show_stopped(measured)
    show_corrections(shown)
    show_groups(shown)


with open_page("Groups") as opened:
    groups()
