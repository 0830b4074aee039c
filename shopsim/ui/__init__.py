"""With `app.py` and `pages/`, the only code that imports Streamlit."""

from shopsim.ui.downloads import offer_csv
from shopsim.ui.gallery import Shown, gallery
from shopsim.ui.page import Opened, open_page, start_page
from shopsim.ui.threshold import choose_threshold
from shopsim.ui.tune import (
    show_catalog_line,
    show_curve,
    show_largest_groups,
    show_scores,
    show_sentence,
    show_sizes,
)

__all__ = [
    "Opened",
    "Shown",
    "choose_threshold",
    "gallery",
    "offer_csv",
    "open_page",
    "show_catalog_line",
    "show_curve",
    "show_largest_groups",
    "show_scores",
    "show_sentence",
    "show_sizes",
    "start_page",
]
