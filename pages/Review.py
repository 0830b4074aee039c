"""Review: photos that seem to be filed under the wrong model, and questions on doubtful groups, one by one."""

from shopsim.ui.columns.split_leaks import show_split_leaks
from shopsim.ui.confusion.confusion import has_models
from shopsim.ui.corrections.questions import show_questions
from shopsim.ui.guard import fragment
from shopsim.ui.page import open_page
from shopsim.ui.review.listing import offer_label_errors, show_suspects
from shopsim.ui.review.review import review_of, show_corrected_scores
from shopsim.ui.review.tabs import QUESTIONS, choose_part
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


@fragment
def questions() -> None:
    measured = choose_threshold(opened.fitted)
    show_sentence(measured)
    show_questions(opened, measured)


@fragment
def leaks() -> None:
    show_split_leaks(opened.fitted)


with open_page("Review") as opened:
    leaks()
    if choose_part(opened) == QUESTIONS:
        questions()
    elif has_models(opened, "Review compares each photo's true model with the photos it is like"):
        review()
