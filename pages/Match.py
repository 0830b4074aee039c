"""Match: which group each new photo belongs to, or that it shows a new model."""

import streamlit as st

from shopsim.ui.guard import fragment
from shopsim.ui.match.added import show_added
from shopsim.ui.match.compute import takes_vectors
from shopsim.ui.match.groups_used import say_which_groups
from shopsim.ui.match.new_photos import choose_new_photos
from shopsim.ui.match.results import show_matches
from shopsim.ui.page import open_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune.scores import show_sentence


@fragment
def match() -> None:
    grouping = choose_threshold(opened.fitted)
    show_sentence(grouping)
    say_which_groups(opened)
    place = choose_new_photos(takes_vectors(opened))
    if place is not None:
        show_matches(opened, grouping, place)
    show_added(opened, grouping)


with open_page("Match") as opened:
    st.caption("New photos are compared with the groups. No group changes unless you add photos to it.")
    match()
