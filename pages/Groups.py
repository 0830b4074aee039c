"""Groups: every group as a card; one that is opened shows all its photos."""

from shopsim import ui


@ui.fragment
def groups() -> None:
    grouping = ui.choose_threshold(opened.fitted)
    ui.show_sentence(grouping)
    ui.show_groups(grouping)


with ui.open_page("Groups") as opened:
    groups()
