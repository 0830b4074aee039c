"""Groups: every group as a card; one that is opened shows all its photos."""

from shopsim.ui.groups.groups import show_groups
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.estimates import show_expected_line
from shopsim.ui.tune.scores import show_sentence


@fragment
def groups() -> None:
    grouping = choose_threshold(opened.fitted)
    show_sentence(grouping)
    show_expected_line(grouping)
    show_groups(grouping)


with open_page("Groups") as opened:
    groups()
