"""Confusion: which models were mixed up, and the photos behind it."""

from shopsim.ui.confusion.cell import show_cell
from shopsim.ui.confusion.confusion import Mixed, has_models, offer_contingency, show_cost
from shopsim.ui.confusion.matrix import show_matrix
from shopsim.ui.confusion.ranking import show_ranking
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.scores import show_sentence


@fragment
def confusion() -> None:
    grouping = choose_threshold(opened.fitted)
    show_sentence(grouping)
    mixed = Mixed(grouping)
    show_cost(mixed)
    show_matrix(mixed)
    show_cell(mixed)
    show_ranking(mixed)
    offer_contingency(mixed)


with open_page("Confusion") as opened:
    if has_models(opened):
        confusion()
