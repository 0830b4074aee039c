"""With `app.py` and `pages/`, the only code that imports Streamlit."""

from shopsim.ui.catalog_summary import show_cache, show_opened
from shopsim.ui.catalogs import open_folder, show_recent, upload_zip
from shopsim.ui.downloads import offer_csv
from shopsim.ui.gallery import Shown, gallery
from shopsim.ui.page import Opened, open_page, shown_errors, start_page
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
    "open_folder",
    "open_page",
    "show_cache",
    "show_catalog_line",
    "show_curve",
    "show_largest_groups",
    "show_opened",
    "show_recent",
    "show_scores",
    "show_sentence",
    "show_sizes",
    "shown_errors",
    "start_page",
    "upload_zip",
]
