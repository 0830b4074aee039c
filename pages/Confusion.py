"""Confusion: which models were mixed up, and the photos behind it."""

from shopsim import ui


@ui.fragment
def confusion() -> None:
    grouping = ui.choose_threshold(opened.fitted)
    ui.show_sentence(grouping)
    mixed = ui.confusion_of(grouping)
    ui.show_cost(mixed)
    ui.show_matrix(mixed)
    ui.show_cell(mixed)
    ui.show_ranking(mixed)
    ui.offer_contingency(mixed)


with ui.open_page("Confusion") as opened:
    if ui.has_models(opened):
        confusion()
