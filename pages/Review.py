"""Review: photos that seem to be filed under the wrong model, to be decided one by one."""

from shopsim import ui


@ui.fragment
def review() -> None:
    grouping = ui.choose_threshold(opened.fitted)
    ui.show_sentence(grouping)
    reviewed = ui.review_of(grouping)
    ui.show_corrected_scores(reviewed)
    ui.show_suspects(reviewed)
    ui.offer_label_errors(reviewed)


with ui.open_page("Review") as opened:
    if ui.has_models(opened, "Review compares each photo's true model with the photos it is like"):
        review()
