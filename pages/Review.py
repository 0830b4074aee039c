"""Review: photos that seem to be filed under the wrong model, to be decided one by one."""

from shopsim.ui.confusion.confusion import has_models
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.review.listing import offer_label_errors, show_suspects
from shopsim.ui.review.review import review_of, show_corrected_scores
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.scores import show_sentence


@fragment
def review() -> None:
    grouping = choose_threshold(opened.fitted)
    show_sentence(grouping)
    reviewed = review_of(grouping)
    show_corrected_scores(reviewed)
    show_suspects(reviewed)
    offer_label_errors(reviewed)


with open_page("Review") as opened:
    if has_models(opened, "Review compares each photo's true model with the photos it is like"):
        review()
